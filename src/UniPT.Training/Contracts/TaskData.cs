using UniPT.Backbones;
using UniPT.Tuning;

namespace UniPT.Training.Contracts;

/// <summary>A part of a data set.</summary>
/// <param name="Name"><c>train</c>, <c>val</c> or <c>test</c>.</param>
/// <param name="Examples">How many examples it has; 0 where the data set lacks it.</param>
/// <param name="Contents">What these are, such as <c>1,311 pictures</c>.</param>
public sealed record SplitFacts(string Name, int Examples, string Contents)
{
    /// <summary>Whether the right answers are known, so that it can be measured; a benchmark's server keeps those of its test split.</summary>
    public bool HasAnswers { get; init; } = true;
}

/// <summary>All that a backbone reads of a split, as it is, without variation: what its hidden states can be kept of.</summary>
/// <param name="Count">How many inputs.</param>
/// <param name="Batch">Some of them by their indices, padded alike, on the recipe's device in the current scope.</param>
/// <param name="Lengths">Tokens of every input; null where all have as many.</param>
public sealed record BackboneInputs(int Count, Func<int[], BackboneInput> Batch, IReadOnlyList<int>? Lengths = null)
{
    /// <summary>As the lengths, of what a decoder's stream reads of its encoder; null where all have as many or there is none.</summary>
    public IReadOnlyList<int>? MemoryLengths { get; init; }

    /// <summary>
    /// A number for every input where not all may stand in one batch, such as pictures of another orientation: only those of one number do. Null where all may. Whatever the
    /// number, hidden states are of one shape.
    /// </summary>
    public IReadOnlyList<int>? Groups { get; init; }

    /// <summary>How many stand in one batch at most, for inputs that are large; null for as many as whoever reads them takes.</summary>
    public int? AtOnce { get; init; }

    /// <summary>All inputs in batches, in their order or, where there are groups, group by group.</summary>
    internal IEnumerable<int[]> InBatches(int size)
    {
        size = Math.Min(size, AtOnce ?? size);
        IEnumerable<int> all = Enumerable.Range(0, Count);
        return Groups is { } groups ? all.GroupBy(input => groups[input]).OrderBy(group => group.Key).SelectMany(group => group.Chunk(size)) : all.Chunk(size);
    }

    /// <summary>Some of them, by their indices.</summary>
    internal BackboneInputs Some(IReadOnlyList<int> inputs)
    {
        return new BackboneInputs(inputs.Count, chunk => Batch(Array.ConvertAll(chunk, i => inputs[i])), Of(Lengths))
        {
            MemoryLengths = Of(MemoryLengths),
            Groups = Of(Groups),
            AtOnce = AtOnce,
        };

        IReadOnlyList<int>? Of(IReadOnlyList<int>? all) => all is null ? null : [.. inputs.Select(input => all[input])];
    }

    /// <summary>The same inputs in the order of <see cref="InBatches"/>.</summary>
    internal BackboneInputs Ordered() => Groups is null ? this : Some(Order());

    /// <summary>Where each input stands in <see cref="InBatches"/>; null where that is their order.</summary>
    internal IReadOnlyList<int>? Places()
    {
        if (Groups is null)
        {
            return null;
        }

        var places = new int[Count];
        foreach ((int place, int input) in Order().Index())
        {
            places[input] = place;
        }

        return places;
    }

    private int[] Order() => [.. InBatches(Count).SelectMany(batch => batch)];
}

/// <summary>The prepared examples of a step. Made on any thread, so it holds no tensors that a scope would free.</summary>
public abstract class PreparedBatch : IDisposable
{
    /// <summary>Which of <see cref="TaskData.Inputs"/> of the training split each backbone reads for it.</summary>
    public abstract IReadOnlyDictionary<string, int[]> Inputs { get; }

    /// <summary>Frees what was prepared.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Where training is while a step computes.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Progress">The share of the epoch's steps that are done, from 0.</param>
/// <param name="Draw">Numbers in [0, 1) for whatever the task draws in this step: a function of the seed and the step.</param>
public sealed record StepContext(int Epoch, double Progress, Func<double> Draw);

/// <summary>A named part of the loss, a scalar.</summary>
/// <param name="Name">As logs call it.</param>
/// <param name="Value">Recorded.</param>
public sealed record LossTerm(string Name, Tensor Value);

/// <summary>
/// A task's data set, opened: batches, losses and evaluations. Everything is a pure function of (seed, epoch, example). Members that
/// take a <see cref="HiddenStateReader"/> get hidden states from it, which may have been kept.
/// </summary>
/// <param name="task">Whose data.</param>
public abstract class TaskData(LearningTask task) : IDisposable
{
    /// <summary>Whose data.</summary>
    public LearningTask Task { get; } = task;

    /// <summary>Tells the data by its contents, wherever it lies.</summary>
    public abstract string Fingerprint { get; }

    /// <summary><c>train</c>, <c>val</c> and <c>test</c>, in this order.</summary>
    public abstract IReadOnlyList<SplitFacts> Splits { get; }

    /// <summary>What the data are and where the splits come from, in a sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>What else a user should know of the data, a sentence each.</summary>
    public virtual IReadOnlyList<string> Notices => [];

    /// <summary>What a model needs to know of the data, such as the labels of classes; adapters keep it.</summary>
    public virtual IReadOnlyDictionary<string, IReadOnlyList<string>> Content => new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What figures depend on besides batch and machine, such as <c>Image size</c>: <c>224 px</c>; asked after <see cref="Fit"/>.</summary>
    public virtual IReadOnlyDictionary<string, string> Conditions => new Dictionary<string, string>();

    /// <summary>Examples of one epoch.</summary>
    public abstract int TrainingExamples { get; }

    /// <summary>The splits whose hidden states are read from a <see cref="HiddenStateReader"/> while a run trains, so that they are worth keeping.</summary>
    public virtual IReadOnlyList<string> KeptSplits => ["train", "val"];

    /// <summary>Bytes of tensors that one prepared example holds, beside those of a step that computes; 0 for what is made in the step.</summary>
    public virtual long PreparedBytes => 0;

    /// <summary>Takes over from the model what limits its inputs, such as the longest text that it reads. Called once, before anything that computes.</summary>
    /// <param name="model">A model of the same recipe.</param>
    /// <param name="splits">Of which splits to say what is lost by it.</param>
    /// <returns>What a user should know, a sentence each.</returns>
    /// <exception cref="UserException">Data and backbones do not belong together.</exception>
    public virtual IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits) => [];

    /// <summary>All that a backbone reads of a split.</summary>
    /// <param name="backbone">The name of one that the task needs.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    public abstract BackboneInputs Inputs(string backbone, string split);

    /// <summary>
    /// Sets initial weights that depend on the data; called once, before the first step of a run. Here, those by which methods put hidden states on one scale; a task with
    /// others of its own sets these too.
    /// </summary>
    /// <returns>What whoever trains should know, a sentence each.</returns>
    public virtual IReadOnlyList<string> Begin(TaskModel model, HiddenStateReader reader)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (string backbone in model.Tuned.Keys)
        {
            Standardize(model, backbone, reader);
        }

        return [];
    }

    /// <summary>Loads and decodes examples; called on several threads, ahead of the step.</summary>
    /// <param name="examples">Indices below <see cref="TrainingExamples"/>.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="reader">Tells what need not be loaded, since its hidden states are kept.</param>
    public abstract PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader);

    /// <summary>The training examples that need the most memory, or as much as any, for predictions of it.</summary>
    /// <param name="count">How many; examples may come twice.</param>
    /// <param name="reader">As for <see cref="Prepare"/>.</param>
    public virtual PreparedBatch PrepareLargest(int count, HiddenStateReader reader) =>
        Prepare([.. Enumerable.Range(0, count).Select(i => i % TrainingExamples)], 0, reader);

    /// <summary>The loss of a prepared batch, recorded; what is minimised is the sum of the terms.</summary>
    public abstract IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step);

    /// <summary>
    /// The figures of models on a split, by the names of <see cref="LearningTask.Figures"/>. Several models read one pass of the same
    /// backbones.
    /// </summary>
    /// <exception cref="UserException">The split is empty, or what a model gives is not a number.</exception>
    public abstract IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation);

    /// <summary>What guessing would reach on a split, by the names of figures; those without such a level are left out.</summary>
    public virtual IReadOnlyDictionary<string, double> Chance(string split) => new Dictionary<string, double>();

    /// <summary>The split by that name.</summary>
    /// <exception cref="UserException">There is none of that name, or it is empty.</exception>
    public SplitFacts RequireSplit(string name)
    {
        SplitFacts split = Splits.FirstOrDefault(split => split.Name == name)
            ?? throw new UserException($"There is no split {name}; expected {string.Join(", ", Splits.Take(Splits.Count - 1).Select(split => split.Name))} or {Splits[^1].Name}.");
        return split.Examples > 0 ? split : throw new UserException(WhyEmpty(name));
    }

    /// <summary>The split by that name, for figures.</summary>
    /// <exception cref="UserException">There is none of that name, it is empty, or its answers are not known.</exception>
    public SplitFacts RequireMeasurable(string name) => RequireSplit(name) is { HasAnswers: true } split
        ? split
        : throw new UserException($"The answers of {name} are not in the data: it can be predicted (unipt predict --submission) and not measured.");

    /// <summary>The split that figures are stated for: test, or val in a data set without, or without its answers.</summary>
    public string MeasuredSplit => Splits.Any(split => split is { Name: "test", Examples: > 0, HasAnswers: true }) ? "test" : "val";

    /// <summary>Fits the standardisation of a backbone's method to the training split, where it has one (<see cref="IStandardizing"/>).</summary>
    /// <returns>The pooled hidden states of that split, standardised, <c>[inputs, joined]</c>, in the current scope; null where there is none.</returns>
    protected static Tensor? Standardize(TaskModel model, string backbone, HiddenStateReader reader) =>
        (model.Tuned[backbone] as IStandardizing)?.Standardization?.Fit(reader.Collect([model], backbone, "train", (_, hidden) => Standardization.Pool(hidden))[0]);

    /// <summary>Says of a split without examples that it has none.</summary>
    protected virtual string WhyEmpty(string split) =>
        $"The data have no examples for {split}; they have {string.Join(" and ", Splits.Where(other => other.Examples > 0).Select(other => other.Name))}.";

    /// <summary>Closes the data set's files.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
