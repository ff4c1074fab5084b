using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Training.Contracts;

/// <summary>
/// Hidden states of a data set's inputs: kept ones where there are any, else fresh from the backbone, which then runs once for all
/// models that share it.
/// </summary>
/// <param name="data">Whose inputs, fitted to the models already.</param>
public sealed class HiddenStateReader(TaskData data)
{
    private const int BatchSize = 64;
    private readonly Dictionary<(string Backbone, string Split), (HiddenStateCache Cache, IReadOnlyDictionary<int, int>? Rows)> _kept = [];
    private readonly Dictionary<(string Backbone, string Split), BackboneInputs> _inputs = [];

    /// <summary>Whether a backbone's hidden states of a split are kept, so that its inputs need not be prepared.</summary>
    public bool Keeps(string backbone, string split = "train") => _kept.ContainsKey((backbone, split));

    /// <summary>The hidden states of some inputs of a split, in the current scope.</summary>
    /// <param name="model">Whose backbone and method.</param>
    /// <param name="backbone">The name of one that the task needs.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="inputs">Indices of <see cref="TaskData.Inputs"/>.</param>
    public HiddenStates Hidden(TaskModel model, string backbone, string split, int[] inputs) => Kept(backbone, split, inputs)
        ?? model.Tuned[backbone].Hidden(Inputs(backbone, split).Batch(inputs));

    /// <summary>
    /// What models make of every input of a split, in evaluation: one tensor a model, <c>[inputs, …]</c>, in the current scope.
    /// </summary>
    /// <param name="models">Models on the same backbones; several must leave the hidden states as they are.</param>
    /// <param name="backbone">The name of one that the task needs.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="compute">Computes <c>[B, …]</c> from the hidden states that a model's method reads.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public IReadOnlyList<Tensor> Collect<TModel>(
        IReadOnlyList<TModel> models, string backbone, string split, Func<TModel, HiddenStates, Tensor> compute, CancellationToken cancellation = default)
        where TModel : TaskModel
    {
        BackboneInputs inputs = Inputs(backbone, split);
        string advice = $"evaluation takes {Math.Min(BatchSize, inputs.AtOnce ?? BatchSize)} examples at once: it needs {(data.Task.InputSizeOption is { } option ? $"a lower {option} or " : "")}more memory";
        using DisposeScope scope = torch.NewDisposeScope();
        var parts = new List<IReadOnlyList<Tensor>>();
        foreach (int[] chunk in inputs.InBatches(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope step = torch.NewDisposeScope();
            parts.Add(step.MoveAllToOuter(TorchErrors.Explain(() => Inference.Run(() => Compute(chunk)), advice)));
        }

        Tensor? places = inputs.Places() is { } order ? TensorData.From(Array.ConvertAll([.. order], place => (long)place), order.Count).to(parts[0][0].device) : null;
        return scope.MoveAllToOuter(TorchErrors.Explain(() => parts[0].Select((_, i) => InOrder(torch.cat([.. parts.Select(part => part[i])]))).ToArray(), advice));

        Tensor InOrder(Tensor rows) => places is null ? rows : rows.index_select(0, places);

        IReadOnlyList<Tensor> Compute(int[] chunk)
        {
            if (models.Count == 1)
            {
                return [compute(models[0], Hidden(models[0], backbone, split, chunk))];
            }

            var set = new AdapterSet(models[0].Tuned[backbone].Backbone);
            foreach (TModel model in models)
            {
                set.Add(model.Tuned[backbone]);
            }

            BackboneOutput hidden = set.Hidden(inputs.Batch(chunk));
            return [.. models.Select(model => compute(model, model.Tuned[backbone].Stream.Of(hidden)))];
        }
    }

    /// <summary>From now on hidden states of a split come from here.</summary>
    /// <param name="backbone">The name of one that the task needs.</param>
    /// <param name="split">The split.</param>
    /// <param name="cache">Theirs; whoever gives it frees it.</param>
    /// <param name="rows">Where inputs stand in it; null where it has all in order.</param>
    internal void Keep(string backbone, string split, HiddenStateCache cache, IReadOnlyDictionary<int, int>? rows = null) => _kept[(backbone, split)] = (cache, rows);

    /// <summary>Of every step the same, which a task may have to list hundreds of thousands of examples for.</summary>
    private BackboneInputs Inputs(string backbone, string split) =>
        _inputs.TryGetValue((backbone, split), out BackboneInputs? known) ? known : _inputs[(backbone, split)] = data.Inputs(backbone, split);

    private HiddenStates? Kept(string backbone, string split, int[] inputs) => _kept.TryGetValue((backbone, split), out var kept)
        ? kept.Cache.Get(kept.Rows is { } rows ? Array.ConvertAll(inputs, input => rows[input]) : inputs)
        : null;
}
