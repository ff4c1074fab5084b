namespace UniPT.Torch;

/// <summary>The tensors of one state in a file, by name, and which state it is.</summary>
internal sealed record ChosenState(string Entry, IReadOnlyDictionary<string, PickledTensor> Tensors);

/// <summary>
/// Finds the state in what a file of PyTorch's holds: a dictionary of tensors by name, or the modules of a TorchScript archive. Training checkpoints have it
/// beside the optimizer's, the epoch and the options, and some have several.
/// </summary>
internal sealed class StateChoice(string path, ScriptCode? code)
{
    private const int MaxDepth = 4;
    private const int MaxModules = 64;
    private const int MaxVisited = 50_000_000;
    private const int VisitedByContainer = 10;
    private const int Listed = 8;

    /// <summary>Where files have their weights, the first one that is there: MDETR's averaged weights before those that were trained.</summary>
    private static readonly string[] Usual = ["model_ema", "state_dict", "model_state_dict", "model", "module", "network", "net"];

    private int _visited;

    /// <summary>The state that is meant.</summary>
    /// <param name="root">What the file holds.</param>
    /// <param name="entry">Keys and indices between slashes; null for none.</param>
    /// <param name="rest">What of them leads no further once a state is reached.</param>
    /// <exception cref="UserException">There is none, or several and none is named.</exception>
    internal ChosenState Of(object? root, string? entry, out string rest)
    {
        string[] parts = entry?.Split('/') ?? [];
        object? value = root;
        int taken = 0;
        while (taken < parts.Length && Below(value, parts[taken], out object? below))
        {
            (value, taken) = (below, taken + 1);
        }

        rest = string.Join('/', parts[taken..]);
        return Automatic(string.Join('/', parts[..taken]), value);
    }

    private ChosenState Automatic(string entry, object? value)
    {
        if (value is PickleDictionary dictionary)
        {
            foreach (string key in Usual)
            {
                if (dictionary.TryFind(key, out object? usual) && States(Joined(entry, key), usual, 0) is { Count: > 0 } there)
                {
                    return Only(entry, there);
                }
            }
        }

        return Only(entry, States(entry, value, 0));
    }

    private ChosenState Only(string entry, List<ChosenState> states) => states.Count switch
    {
        1 => states[0],
        0 => throw new UserException($"{path}{(entry.Length > 0 ? $"#{entry}" : "")} holds no state: expected tensors by name, in a dictionary."),
        _ => throw new UserException(
            $"{path} holds {states.Count} states: {string.Join(", ", states.Take(Listed).Select(state => $"{PrintableText.Of(state.Entry)} ({state.Tensors.Count} tensors)"))}{(states.Count > Listed ? ", …" : "")}; say which behind #, as in {Path.GetFileName(path)}#{PrintableText.Of(states[0].Entry)}."),
    };

    /// <summary>All states at a value and below it, but for those of optimizers.</summary>
    private List<ChosenState> States(string entry, object? value, int depth)
    {
        Visit(value);
        if (value is PickleObject module)
        {
            var tensors = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
            if (code is not null)
            {
                AddModule(module, "", 0, tensors);
            }

            return tensors.Count > 0 ? [new(entry, tensors)] : [];
        }

        if (value is PickleDictionary dictionary && dictionary.Any(pair => pair is { Key: string, Value: PickledTensor }))
        {
            return [new(entry, dictionary.Where(pair => pair is { Key: string, Value: PickledTensor }).ToDictionary(pair => (string)pair.Key, pair => (PickledTensor)pair.Value!, StringComparer.Ordinal))];
        }

        if (depth == MaxDepth)
        {
            return [];
        }

        IEnumerable<(string Key, object? Value)> items = value switch
        {
            PickleDictionary entries => entries.Where(pair => !IsOfOptimizer(pair.Key)).Select(pair => ($"{pair.Key}", pair.Value)),
            IReadOnlyList<object?> list => list.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        return [.. items.Where(item => item.Value is PickleDictionary or PickleObject or IReadOnlyList<object?>).SelectMany(item => States(Joined(entry, item.Key), item.Value, depth + 1))];
    }

    /// <summary>The parameters and buffers of a module of TorchScript and of those in it, as its <c>state_dict()</c> names them.</summary>
    private void AddModule(PickleObject module, string prefix, int depth, Dictionary<string, PickledTensor> tensors)
    {
        Visit(module);
        if (depth > MaxModules)
        {
            throw PyTorchGlobals.Broken(path, $"it has more than {MaxModules} modules in each other");
        }

        foreach ((object key, object? value) in module.Attributes)
        {
            if (value is PickledTensor tensor && code!.IsState(module.Kind, $"{key}") != false)
            {
                tensors[$"{prefix}{key}"] = tensor;
            }
            else if (value is PickleObject inner)
            {
                AddModule(inner, $"{prefix}{key}.", depth + 1, tensors);
            }
        }
    }

    /// <summary>The same container may stand in many places, which costs a file little; walking through all of them would not end.</summary>
    private void Visit(object? value)
    {
        _visited += VisitedByContainer + (value switch
        {
            PickleDictionary entries => entries.Count,
            PickleObject kept => kept.Attributes.Count,
            IReadOnlyList<object?> items => items.Count,
            _ => 0,
        });
        if (_visited > MaxVisited)
        {
            throw PyTorchGlobals.Broken(path, "its containers hold each other so often that they cannot be walked through");
        }
    }

    private static bool Below(object? value, string key, out object? below)
    {
        below = null;
        return value is PickleDictionary dictionary ? dictionary.TryFind(key, out below) && below is PickleDictionary or PickleObject or IReadOnlyList<object?>
            : value is IReadOnlyList<object?> list && int.TryParse(key, out int index) && index >= 0 && index < list.Count && (below = list[index]) is not PickledTensor;
    }

    private static bool IsOfOptimizer(object key) =>
        key is string name && (name.Contains("optim", StringComparison.OrdinalIgnoreCase) || name.Contains("sched", StringComparison.OrdinalIgnoreCase) || name is "opt" or "scaler");

    private static string Joined(string entry, string key) => entry.Length > 0 ? $"{entry}/{key}" : key;
}
