using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Texts;

/// <summary>Classification and regression of one or two texts, as GLUE has them (Wang et al., arXiv 1804.07461), with any text backbone.</summary>
public sealed class TextsTask(Recipe recipe, TextsOptions options, TextDataOptions data) : LearningTask(recipe)
{
    /// <summary>What the backbone is called.</summary>
    public const string Text = "text";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<TextsOptions, TextDataOptions>(
        "texts", [new BackboneNeed(Text, "text")], (recipe, options, data) => new TextsTask(recipe, options, data), TextTables.Describe);

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

    /// <summary>The options of the section <c>task</c>.</summary>
    internal TextsOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal TextDataOptions Data { get; } = data;

    /// <summary>What is learned.</summary>
    internal TextTarget Target { get; } = data.TargetOr(options.Kind ?? TextTarget.Classification);

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        string kind = Name(Target);
        if (Options.Kind is { } given && given != Target)
        {
            yield return new("task.kind", $"is {Name(given)}; expected {kind} because data.glue is {Name(Data.Glue!.Value)}.");
        }

        if (Options.Primary is { } primary && !TextFigures.IsDefined(primary, Target))
        {
            string name = TextFigures.NameOf(primary);
            yield return new("task.primary", $"is {name}; expected one of {string.Join(", ", TextFigures.Names(Target))} because {name} is not defined for {kind}.");
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

        if (Data.Glue is not null)
        {
            var plain = new TextDataOptions { Path = Data.Path };
            foreach ((string key, bool isGiven) in ((string, bool)[])
                [("text", Data.Text != plain.Text), ("second_text", Data.SecondText is not null), ("label", Data.Label != plain.Label), ("labels", Data.Labels.Count > 0)])
            {
                if (isGiven)
                {
                    yield return new($"data.{key}", "is given; expected none because data.glue says what the columns are.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new TextsModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Text]));

    /// <inheritdoc/>
    public override TaskData OpenData() => TextsData.Open(this);

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
