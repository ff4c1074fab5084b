using UniPT;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace OwnTask;

/// <summary>What a recipe may choose in its section <c>task</c>.</summary>
public sealed record PictureClassesOptions
{
    [OptionRange(0, 0.9)]
    public double LabelSmoothing { get; init; }
}

/// <summary>And in its section <c>data</c>, beside the path.</summary>
public sealed record PictureClassesData : DataOptions
{
    [OptionRange(32, 1024, MultipleOf = 32)]
    public int ImageSize { get; init; } = 224;
}

/// <summary>The task: its needs, its figures, its model and its data.</summary>
public sealed class PictureClasses(Recipe recipe, PictureClassesOptions options, PictureClassesData data) : LearningTask(recipe)
{
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<PictureClassesOptions, PictureClassesData>(
        "picture_classes", [new BackboneNeed("image", "image")], (recipe, options, data) => new PictureClasses(recipe, options, data));

    public PictureClassesOptions Options { get; } = options;

    public PictureClassesData Data { get; } = data;

    public override IReadOnlyList<FigureDefinition> Figures => [new("accuracy", "Accuracy", "Classes") { IsPrimary = true, ShortTitle = "accuracy" }];

    public override IReadOnlyDictionary<string, string> Preprocessing => new Dictionary<string, string> { ["image_size"] = $"{Data.ImageSize}" };

    public override TaskModel CreateModel(ModelParts parts) => new PictureClassesModel(this, parts);

    public override TaskData OpenData() => new PictureFolders(this);

    /// <summary>A picture as the backbone takes it, <c>[3, size, size]</c>.</summary>
    internal Tensor Prepare(RgbImage picture) => ImageTransforms.Resize(picture, Data.ImageSize, Data.ImageSize, Interpolation.Bicubic, antialias: true);
}

/// <summary>The tuned backbone, the mean of its cells, and a linear map to the classes.</summary>
public sealed class PictureClassesModel : TaskModel
{
    private readonly PictureClasses _task;
    private readonly Linear _classes;

    internal PictureClassesModel(PictureClasses task, ModelParts parts) : base(parts)
    {
        _task = task;
        _classes = new Linear(parts.Weights / "classes", Tuned["image"].Output, parts.Content["labels"].Count);
    }

    /// <summary>What an adapter is checked by: the scores of a grey picture.</summary>
    public override IReadOnlyDictionary<string, Tensor> Probe()
    {
        RgbImage grey = new(8, 8, [.. Enumerable.Range(0, 192).Select(i => (byte)i)]);
        return new Dictionary<string, Tensor> { ["probe.scores"] = Scores(Tuned["image"].Hidden(BackboneInput.Pictures(_task.Prepare(grey).unsqueeze(0)))) };
    }

    /// <summary>Scores <c>[B, classes]</c>.</summary>
    internal Tensor Scores(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_classes.forward(Tuned["image"].Adapt(hidden).Tokens.mean([1])));
    }
}
