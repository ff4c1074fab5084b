using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Training;

/// <summary>A saved adapter of any task that answers inputs of a user, and writes what a benchmark's server takes.</summary>
public sealed class Predictor : IDisposable
{
    private readonly Adapter _adapter;

    private Predictor(Adapter adapter) => _adapter = adapter;

    /// <summary>The parts that an input must have: names of <see cref="PredictionParts"/>.</summary>
    /// <exception cref="UserException">The task answers no single inputs.</exception>
    public IReadOnlyList<string> Asks => Task.Asks;

    private IPredictingTask Task => _adapter.Task as IPredictingTask
        ?? throw new UserException($"The adapter {_adapter.Folder} was trained for the task {_adapter.Config.Task}, which answers no single inputs.");

    /// <summary>Loads an adapter.</summary>
    /// <param name="adapterFolder">Its folder.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <exception cref="UserException">A file is missing, broken or changed, or the backbone is another.</exception>
    public static Predictor Load(string adapterFolder, string? models = null, DeviceKind? device = null)
    {
        TensorMemory.Watch();
        return new Predictor(Adapter.Load(adapterFolder, models, device));
    }

    /// <summary>The best answers to an input.</summary>
    /// <param name="parts">Texts and paths of files by <see cref="PredictionParts"/>: those that the task <see cref="Asks"/> for, no others.</param>
    /// <param name="count">How many answers at most, from 1.</param>
    /// <param name="data">Where the task chooses among examples, a data set; null: the one that the adapter was trained on.</param>
    /// <param name="split">Its split.</param>
    /// <param name="skipBad">Whether examples that cannot be read are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <exception cref="UserException">A part is missing, not asked for, or cannot be read.</exception>
    public PredictionResult Predict(
        IReadOnlyDictionary<string, string> parts, int count = 1, string? data = null, string split = "test", bool skipBad = false, Action<string>? notice = null)
    {
        IPredictingTask task = Task;
        string asks = string.Join(task.AsksForOne ? " or a " : " and ", task.Asks.Select(Name));
        if (parts.Keys.Except(task.Asks).FirstOrDefault() is { } unasked)
        {
            throw new UserException($"The task {_adapter.Config.Task} asks for a {asks}; a {Name(unasked)} was given too.");
        }

        if (task.AsksForOne ? parts.Count != 1 : task.Asks.Except(parts.Keys).Any())
        {
            throw new UserException($"The task {_adapter.Config.Task} asks for a {asks}; given {(parts.Count == 0 ? "was nothing" : $"was a {string.Join(" and ", parts.Keys.Select(Name))}")}.");
        }

        using TaskData? opened = task.NeedsData ? Evaluation.Open(_adapter, data, skipBad, [], notice) : null;
        opened?.RequireSplit(split);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.inference_mode();
        return TorchErrors.Explain(() => task.Predict(_adapter.Model, new PredictionRequest(parts, count, opened, opened is null ? null : split)));

        static string Name(string part) => part.Replace('_', ' ');
    }

    /// <summary>Writes what the model says of every example of a split as the benchmark's server takes it.</summary>
    /// <param name="file">The file, which is written beside and renamed.</param>
    /// <param name="data">A data set; null: the one that the adapter was trained on.</param>
    /// <param name="split">train, val or test; its answers need not be known.</param>
    /// <param name="skipBad">Whether examples that cannot be read are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>How many examples the split has.</returns>
    /// <exception cref="UserException">The task has no such format, the split is empty, or the file cannot be written.</exception>
    public int WriteSubmission(
        string file, string? data = null, string split = "test", bool skipBad = false, Action<string>? notice = null, CancellationToken cancellation = default)
    {
        ISubmittingTask task = _adapter.Task as ISubmittingTask
            ?? throw new UserException($"The adapter {_adapter.Folder} was trained for the task {_adapter.Config.Task}, for which no server takes predictions.");
        using TaskData opened = Evaluation.Open(_adapter, data, skipBad, [split], notice);
        int examples = opened.RequireSplit(split).Examples;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.inference_mode();
        AtomicFile.Write(file, stream => TorchErrors.Explain(() => task.WriteSubmission(_adapter.Model, opened, split, new HiddenStateReader(opened), stream, cancellation)));
        return examples;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _adapter.Dispose();
}
