using System.Globalization;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Texts;

/// <summary>Classification and regression of one or two texts, as GLUE has them (Wang et al., arXiv 1804.07461), with any text backbone.</summary>
public sealed class TextsTask(Recipe recipe, TextsOptions options, TextDataOptions data) : LearningTask(recipe), IPredictingTask, ISubmittingTask
{
    /// <summary>What the backbone is called.</summary>
    public const string Text = "text";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<TextsOptions, TextDataOptions>(
        "texts", [new BackboneNeed(Text, "text")], (recipe, options, data) => new TextsTask(recipe, options, data), (path, skipBad) => GlueFolder.Describe(path, skipBad) ?? TextTables.Describe(path, skipBad));

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => TextFigures.Of(Target, Options.Primary ?? TextFigures.Default(Data.Glue, Target));

    /// <inheritdoc/>
    public override string InputSizeOption => "data.max_tokens";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["texts"] = Data.HasPairs ? "2" : "1",
        ["max_tokens"] = Data.MaxTokens is { } most ? $"{most}" : "the backbone's",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => Data.HasPairs ? [PredictionParts.Text, PredictionParts.SecondText] : [PredictionParts.Text];

    /// <summary>The options of the section <c>task</c>.</summary>
    internal TextsOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal TextDataOptions Data { get; } = data;

    /// <summary>What is learned.</summary>
    internal TextTarget Target { get; } = data.TargetOr(options.Kind ?? TextTarget.Classification);

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Target == TextTarget.Text)
        {
            yield return new("task.kind", "is text; expected classification or regression because only the task text_to_text writes texts.");
            yield break;
        }

        foreach (OptionProblem problem in TextFigures.Check(Options.Kind, Options.Primary, Target, Data.Glue))
        {
            yield return problem;
        }

        if (Target == TextTarget.Regression)
        {
            foreach ((string key, bool isGiven) in ((string, bool)[])
                [("task.positive", Options.Positive is not null), ("task.label_smoothing", Options.LabelSmoothing > 0), ("data.labels", Data.Labels.Count > 0)])
            {
                if (isGiven)
                {
                    yield return new(key, "is given; expected none because regression has no labels.");
                }
            }
        }

        foreach (OptionProblem problem in Data.Check())
        {
            yield return problem;
        }
    }

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new TextsModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Text]));

    /// <inheritdoc/>
    public override TaskData OpenData() => TextsData.Open(this);

    /// <summary>The labels with their probabilities, or the number.</summary>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        var texts = (TextsModel)model;
        float[] found = texts.Predict([request[PredictionParts.Text]], Data.HasPairs ? [request[PredictionParts.SecondText]] : null)[0];
        return Target == TextTarget.Classification
            ? LabelFigures.Best(texts.Labels, found, request.Count)
            : new PredictionResult([new Prediction(found[0].ToString("R", CultureInfo.InvariantCulture), null)]);
    }

    /// <summary>As GLUE's server takes them.</summary>
    public void WriteSubmission(TaskModel model, TaskData data, string split, HiddenStateReader reader, Stream output, CancellationToken cancellation)
    {
        var texts = (TextsData)data;
        double[] predicted = texts.Predicted([(TextsModel)model], split, reader, cancellation).Single();
        GlueSubmission.Write(output, texts.Split(split), predicted.Select(value => GlueSubmission.Spell(value, Data, texts.Set)));
    }
}
