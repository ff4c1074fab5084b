using System.Linq.Expressions;
using System.Reflection;
using UniPT.Torch;

namespace UniPT.Backbones.UserModels;

/// <summary>
/// Reads what some submodules of a module give while it runs, by forward hooks. TorchSharp runs hooks where a submodule is
/// called by <c>call</c>, as <c>nn.Sequential</c> does, and not where <c>forward</c> is called directly.
/// </summary>
internal sealed class Submodules : IDisposable
{
    private const int Listed = 12;
    private readonly string _model;
    private readonly IReadOnlyList<string> _names;
    private readonly List<Action> _removals = [];
    private readonly ThreadLocal<Reading?> _reading = new();

    // The states that the module changes after they were given, as by an activation in place.
    private readonly HashSet<int> _changed = [];

    /// <exception cref="UserException">There is no such submodule, it is named twice, or it has no forward.</exception>
    public Submodules(string model, nn.Module module, IReadOnlyList<string> names)
    {
        (_model, _names) = (model, names);
        Dictionary<string, nn.Module> all = module.named_modules().ToDictionary(pair => pair.name, pair => pair.module, StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !all.ContainsKey(name)) is { } missing)
        {
            string[] there = [.. all.Keys.Take(Listed)];
            throw new UserException(
                $"{model} has no submodule {missing}; it has {(there.Length == 0 ? "none" : string.Join(", ", there))}{(all.Count > Listed ? $" and {all.Count - Listed} more" : "")}.");
        }

        if (names.GroupBy(name => all[name]).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserException($"The hidden states of {model} must differ; {string.Join(" and ", twice)} are the same submodule.");
        }

        try
        {
            for (int i = 0; i < names.Count; i++)
            {
                Hook(all[names[i]], i);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What each submodule gives while something runs, in the current scope.</summary>
    /// <param name="run">Calls the module.</param>
    /// <param name="learns">Whether to find out which states are changed after they were given.</param>
    /// <exception cref="UserException">A submodule is not called, or several times, or gives no tensor.</exception>
    public IReadOnlyList<Tensor> Read(Action run, bool learns = false)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Reading? outer = _reading.Value;
        var reading = new Reading(_names.Count, learns);
        _reading.Value = reading;
        try
        {
            run();
        }
        finally
        {
            _reading.Value = outer;
            scope.Attach(reading.Kept);
        }

        Check(reading);
        for (int i = 0; learns && i < _names.Count; i++)
        {
            if (reading.States[i]!.eq(reading.Copies[i]!).all().Item() == 0)
            {
                _changed.Add(i);
                reading.States[i] = reading.Copies[i];
            }
        }

        return scope.MoveAllToOuter([.. reading.States.Select(state => state!)]);
    }

    /// <summary>The states with their submodules' names.</summary>
    public IReadOnlyList<(string Name, Tensor State)> Named(IReadOnlyList<Tensor> states) => [.. _names.Zip(states)];

    /// <summary>Takes the hooks away.</summary>
    public void Dispose()
    {
        _removals.ForEach(remove => remove());
        _removals.Clear();
        _reading.Dispose();
    }

    private void Check(Reading reading)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            string submodule = $"The submodule {_names[i]} of {_model}";
            if (reading.Calls[i] == 0)
            {
                throw new UserException(
                    $"{submodule} was never called; either the model does not use it, or its code says {_names[i]}.forward(x), which hides it, where {_names[i]}.call(x) shows it.");
            }

            if (reading.Calls[i] > 1)
            {
                throw new UserException($"{submodule} was called {reading.Calls[i]} times in one forward; only one that is called once has one hidden state.");
            }

            if (reading.States[i] is null)
            {
                throw new UserException($"{submodule} gives {reading.Other[i]?.Name ?? "nothing"}, not a tensor; read one inside it or around it.");
            }
        }

        if (!reading.Order.SequenceEqual(reading.Order.Order()))
        {
            throw new UserException(
                $"The submodules of {_model} must be named in the order in which they run, the deepest last: {string.Join(", ", reading.Order.Select(i => _names[i]))}.");
        }
    }

    private void Hook(nn.Module submodule, int index)
    {
        Type? type = submodule.GetType();
        while (type is not null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(nn.HookableModule<,>)))
        {
            type = type.BaseType;
        }

        // The hook of a module of any number of inputs, the last of whose arguments is the output: (module, inputs…, output) => output.
        if (type?.GetGenericArguments()[1] is not { } hook || hook.GetMethod("Invoke") is not { } signature)
        {
            throw new UserException($"The submodule {_names[index]} of {_model} is a {submodule.GetType().Name}, which has no forward to read; name one inside it.");
        }

        ParameterExpression[] arguments = [.. signature.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))];
        Action<object?> take = output => _reading.Value?.Take(index, output, _changed.Contains(index));
        Delegate taking = Expression.Lambda(
            hook, Expression.Block(Expression.Invoke(Expression.Constant(take), Expression.Convert(arguments[^1], typeof(object))), arguments[^1]), arguments).Compile();
        MethodInfo register = type.GetMethod("register_forward_hook", [hook])!;
        object remover = register.Invoke(submodule, [taking])!;
        _removals.Add(remover.GetType().GetMethod("remove")!.CreateDelegate<Action>(remover));
    }

    /// <summary>What was seen in one run.</summary>
    private sealed class Reading(int count, bool learns)
    {
        public int[] Calls { get; } = new int[count];

        public Tensor?[] States { get; } = new Tensor?[count];

        public Tensor?[] Copies { get; } = new Tensor?[count];

        public Type?[] Other { get; } = new Type?[count];

        public List<int> Order { get; } = [];

        public List<Tensor> Kept { get; } = [];

        public void Take(int index, object? output, bool copies)
        {
            Calls[index]++;
            if (Calls[index] > 1)
            {
                return;
            }

            Order.Add(index);
            if (output is not Tensor state)
            {
                Other[index] = output?.GetType();
                return;
            }

            States[index] = Keep(copies ? state.detach().clone() : state.detach());
            Copies[index] = learns ? Keep(state.detach().clone()) : null;
        }

        // The scopes that the module opens would free it.
        private Tensor Keep(Tensor tensor)
        {
            Kept.Add(tensor.DetachFromDisposeScope());
            return tensor;
        }
    }
}
