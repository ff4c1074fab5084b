using System.Globalization;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Sounds.Data;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Sounds;

/// <summary>Classification of recordings by their log-mel spectrograms, with any audio backbone: Whisper's encoder, or a recurrent network.</summary>
public sealed class SoundsTask(Recipe recipe, SoundsOptions options, SoundDataOptions data) : LearningTask(recipe), IPredictingTask
{
    /// <summary>What the backbone is called.</summary>
    public const string Audio = "audio";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<SoundsOptions, SoundDataOptions>(
        "sounds", [new BackboneNeed(Audio, "audio")], (recipe, options, data) => new SoundsTask(recipe, options, data), SoundFiles.Describe);

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => [LabelFigures.Accuracy with { IsPrimary = true }, LabelFigures.F1, LabelFigures.Matthews, LabelFigures.AccuracyF1];

    /// <inheritdoc/>
    public override string InputSizeOption => "data.seconds";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["features"] = "log-mel",
        ["bands"] = $"{Data.Bands}",
        ["seconds"] = Data.Seconds.ToString(CultureInfo.InvariantCulture),
        ["padding"] = Data.Padding.ToString().ToLowerInvariant(),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => [PredictionParts.Sound];

    /// <summary>The options of the section <c>task</c>.</summary>
    internal SoundsOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal SoundDataOptions Data { get; } = data;

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new SoundsModel(this, parts);

    /// <inheritdoc/>
    public override TaskData OpenData() => new SoundsData(this, SoundDataSet.Open(Data, SeededSplit.Seed));

    /// <summary>The labels with their probabilities.</summary>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        var sounds = (SoundsModel)model;
        return LabelFigures.Best(sounds.Labels, sounds.Predict([Recording.Read(request[PredictionParts.Sound])])[0], request.Count);
    }
}
