using System.Security.Cryptography;
using UniPT;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace OwnTask;

/// <summary>Folders <c>train</c>, <c>val</c> and, if there is one, <c>test</c>; in each a folder of pictures for every class.</summary>
internal sealed class PictureFolders : TaskData
{
    private readonly PictureClasses _task;
    private readonly string[] _labels;
    private readonly Dictionary<string, (string File, int Label)[]> _splits;

    internal PictureFolders(PictureClasses task) : base(task)
    {
        _task = task;
        string root = task.Data.Path;
        string train = Path.Combine(root, "train");
        _labels = Directory.Exists(train)
            ? [.. Directory.GetDirectories(train).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
            : throw new UserException($"{root} has no folder train with a folder for every class.");
        _splits = new[] { "train", "val", "test" }.ToDictionary(split => split, split => Pictures(Path.Combine(root, split)));
        RequireSplit("train");
    }

    public override string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(
        [.. _splits.SelectMany(split => split.Value).SelectMany(picture => SHA256.HashData(File.ReadAllBytes(picture.File)).Append((byte)picture.Label))]));

    public override string Summary => $"{_task.Data.Path}: pictures of {string.Join(", ", _labels)}.";

    public override IReadOnlyList<SplitFacts> Splits => [.. _splits.Select(split => new SplitFacts(split.Key, split.Value.Length, $"{split.Value.Length} pictures"))];

    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content => new Dictionary<string, IReadOnlyList<string>> { ["labels"] = _labels };

    public override int TrainingExamples => _splits["train"].Length;

    public override BackboneInputs Inputs(string backbone, string split) => new(_splits[split].Length, indices => BackboneInput.Pictures(Load(split, indices)));

    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) =>
        new Batch(examples, reader.Keeps("image") ? null : Load("train", examples).DetachFromDisposeScope());

    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var classes, var pictures) = ((PictureClassesModel)model, (Batch)batch);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates hidden = pictures.Pixels is { } pixels
            ? classes.Tuned["image"].Hidden(BackboneInput.Pictures(pixels))
            : reader.Hidden(classes, "image", "train", pictures.Examples);
        long[] labels = [.. pictures.Examples.Select(example => (long)_splits["train"][example].Label)];
        Tensor loss = nn.functional.cross_entropy(
            classes.Scores(hidden), TensorData.From(labels, labels.Length), label_smoothing: _task.Options.LabelSmoothing);
        return [new LossTerm("cross_entropy", scope.MoveToOuter(loss))];
    }

    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        PictureClassesModel[] classes = [.. models.Cast<PictureClassesModel>()];
        IReadOnlyList<Tensor> scores = reader.Collect(classes, "image", split, (model, hidden) => model.Scores(hidden), cancellation);
        return [.. scores.Select(of => new Dictionary<string, double> { ["accuracy"] = Accuracy(of.argmax(1).ToArray<long>(), split) })];
    }

    public override IReadOnlyDictionary<string, double> Chance(string split) => new Dictionary<string, double> { ["accuracy"] = 100.0 / _labels.Length };

    private double Accuracy(long[] found, string split) => 100 * found.Zip(_splits[split]).Average(pair => pair.First == pair.Second.Label ? 1.0 : 0.0);

    private Tensor Load(string split, int[] indices)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.stack([.. indices.Select(i => _task.Prepare(ImageDecoder.Read(_splits[split][i].File)))]));
    }

    private (string File, int Label)[] Pictures(string folder) =>
        [.. _labels.Select((name, label) => (Folder: Path.Combine(folder, name), label)).Where(of => Directory.Exists(of.Folder))
            .SelectMany(of => Directory.GetFiles(of.Folder).Order(StringComparer.Ordinal).Select(file => (file, of.label)))];

    private sealed class Batch(int[] examples, Tensor? pixels) : PreparedBatch
    {
        internal int[] Examples { get; } = examples;

        internal Tensor? Pixels { get; } = pixels;

        public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { ["image"] = Examples };

        public override void Dispose()
        {
            Pixels?.Dispose();
            base.Dispose();
        }
    }
}
