using System.Globalization;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Sounds.Data;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Sounds;

/// <summary>Recordings with labels, and how the backbone is fed with them.</summary>
internal sealed class SoundsData : LabelledData
{
    private readonly SoundsTask _task;
    private readonly SoundInputs _inputs;
    private readonly Device _device;
    private int _framesPerToken = 1;

    internal SoundsData(SoundsTask task, SoundDataSet set) : base(task, SoundsTask.Audio, task.Data.Path)
    {
        (_task, Set, _device) = (task, set, task.Recipe.Device.Name());
        _inputs = new SoundInputs(task.Data, _device);
    }

    /// <summary>The three splits.</summary>
    internal SoundDataSet Set { get; private set; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => [.. Set.Splits.Select(part => new SplitFacts(part.Name, part.Split.Examples.Count, Count(part.Split)))];

    /// <inheritdoc/>
    public override string Summary => PrintableText.Of(
        $"{_task.Data.Path}: {string.Join(", ", Set.Splits.Select(part => part.Split.Examples.Count == 0 ? $"no {part.Name}" : $"{part.Name} {Count(part.Split)} from {part.Split.Origin}"))}.");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => [.. Set.Notices, .. Set.Splits.Select(CutNotice).OfType<string>()];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content => new Dictionary<string, IReadOnlyList<string>> { [SoundsModel.LabelsKey] = Set.Labels };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions =>
        new Dictionary<string, string> { ["Recordings"] = string.Create(CultureInfo.InvariantCulture, $"{_task.Data.Seconds} s, {_task.Data.Bands} bands") };

    /// <inheritdoc/>
    public override int TrainingExamples => Set.Train.Examples.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        var sounds = (SoundsModel)model;
        _framesPerToken = sounds.Audio.Stream.StepsPerToken;
        if (!Set.Labels.SequenceEqual(sounds.Labels))
        {
            // An adapter on other data than it was trained on.
            Set = Set.With(sounds.Labels);
        }

        return [];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        IReadOnlyList<SoundExample> examples = Split(split).Examples;
        int[]? tokens = _task.Data.Padding == SoundPadding.Masked
            ? [.. examples.Select(example => (Math.Min(example.Frames, _task.Data.Frames) + _framesPerToken - 1) / _framesPerToken)]
            : null;
        return new(examples.Count, chunk => _inputs.Batch([.. chunk.Select(i => Read(examples[i]))]), tokens);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var sounds, int[] examples) = ((SoundsModel)model, ((LabelledBatch)batch).Examples);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = sounds.Forward(reader.Hidden(sounds, SoundsTask.Audio, "train", examples));
        Tensor labels = TensorData.From([.. examples.Select(example => (long)Set.Train.Examples[example].Label)], examples.Length).to(_device);
        return [new LossTerm("cross_entropy", scope.MoveToOuter(nn.functional.cross_entropy(scores, labels, label_smoothing: _task.Options.LabelSmoothing)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        SoundSplit part = Split(split);
        SoundsModel[] sounds = [.. models.Cast<SoundsModel>()];
        RequireLabels(Set.Labels, sounds.Select(model => model.Labels));
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. reader.Collect(sounds, SoundsTask.Audio, split, (model, hidden) => model.Forward(hidden), cancellation).Select(scores => Measure(part, scores))];
    }

    /// <summary>What the most frequent label of train reaches.</summary>
    public override IReadOnlyDictionary<string, double> Chance(string split)
    {
        int guess = MostFrequent(Set.Train.Examples.Select(example => example.Label));
        return Figures(Split(split), [.. Split(split).Examples.Select(_ => guess)]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Set.Dispose();
        base.Dispose();
    }

    private static IReadOnlyDictionary<string, double> Measure(SoundSplit part, Tensor scores)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scores.isfinite().all().item<bool>()
            ? Figures(part, [.. scores.argmax(1).to(CPU).ToArray<long>().Select(label => (int)label)])
            : throw new UserException("What the model gives for recordings is not a number any more: training went astray. Lower train.learning_rate.");
    }

    private static IReadOnlyDictionary<string, double> Figures(SoundSplit part, int[] predicted) =>
        LabelFigures.Of([.. part.Examples.Select(example => example.Label)], predicted, positive: null);

    private SoundSplit Split(string name) => Set.Splits.First(part => part.Name == RequireSplit(name).Name).Split;

    private Recording Read(SoundExample example) => WaveFile.Decode(Set.Files.Read(example.File), example.File);

    /// <summary>A sentence where recordings of a split are longer than what is read of them.</summary>
    private string? CutNotice((string Name, SoundSplit Split) part)
    {
        int cut = part.Split.Examples.Count(example => example.Frames > _task.Data.Frames);
        return cut == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{cut} of {Count(part.Split)} in {part.Name} {(cut == 1 ? "is" : "are")} longer than {_task.Data.Seconds} s and cut.");
    }

    private static string Count(SoundSplit split) => string.Create(CultureInfo.InvariantCulture, $"{split.Examples.Count:N0} recording{(split.Examples.Count == 1 ? "" : "s")}");
}
