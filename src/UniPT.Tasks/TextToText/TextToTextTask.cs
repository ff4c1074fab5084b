using UniPT.Backbones;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.TextToText;

/// <summary>
/// GLUE, or tables of one's own, as text to text (T5, Raffel et al., JMLR 2020), with the set-up that the public code of LST and SHERL has: an encoder–decoder writes
/// the label, the number or the text of an example.
/// </summary>
public sealed class TextToTextTask(Recipe recipe, TextToTextOptions options, TextDataOptions data) : LearningTask(recipe), IPredictingTask, ISubmittingTask
{
    /// <summary>What the backbone is called.</summary>
    public const string Text = "text";

    private const int MostTokens = 128;

    /// <summary>As recipes name it. What data sets it reads the task of texts says.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<TextToTextOptions, TextDataOptions>(
        "text_to_text", [new BackboneNeed(Text, BackboneStream.Decoder)], (recipe, options, data) => new TextToTextTask(recipe, options, data));

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => WrittenFigures.Of(Target, Options.Primary ?? TextFigures.Default(Data.Glue, Target));

    /// <inheritdoc/>
    public override string InputSizeOption => "data.max_tokens";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["source"] = Source.Template,
        ["target"] = Target switch
        {
            TextTarget.Regression => $"numbers in steps of 1/{Options.StepsOfOne}",
            TextTarget.Classification => Data.Glue is null ? "labels" : "indices of labels",
            _ => "texts",
        },
        ["max_tokens"] = $"{MaxTokens}",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => Data.HasPairs ? [PredictionParts.Text, PredictionParts.SecondText] : [PredictionParts.Text];

    /// <summary>The options of the section <c>task</c>.</summary>
    internal TextToTextOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal TextDataOptions Data { get; } = data;

    /// <summary>What is learned.</summary>
    internal TextTarget Target { get; } = data.TargetOr(options.Kind ?? TextTarget.Text);

    /// <summary>What the encoder reads.</summary>
    internal SourceForm Source { get; } = SourceForm.Of(options, data);

    /// <summary>What the decoder is to write.</summary>
    internal TargetForm Form { get; } = TargetForm.Of(options, data);

    /// <summary>The most tokens of a source.</summary>
    internal int MaxTokens => Data.MaxTokens ?? MostTokens;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        foreach (OptionProblem problem in TextFigures.Check(Options.Kind, Options.Primary, Target, Data.Glue))
        {
            yield return problem;
        }

        foreach ((string key, bool isGiven) in ((string, bool)[])[("task.positive", Options.Positive is not null), ("data.labels", Data.Labels.Count > 0)])
        {
            if (isGiven && Target != TextTarget.Classification)
            {
                yield return new(key, $"is given; expected none because {TextFigures.Spell(Target)} has no labels.");
            }
        }

        foreach (OptionProblem problem in CheckSource().Concat(Data.Check()))
        {
            yield return problem;
        }
    }

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new TextToTextModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Text]));

    /// <inheritdoc/>
    public override TaskData OpenData() => TextToTextData.Open(this);

    /// <summary>What the model writes, with its probability; where there are labels, the other ones behind it with theirs.</summary>
    public PredictionResult Predict(TaskModel model, PredictionRequest request) => new(((TextToTextModel)model).Answers(
        request[PredictionParts.Text], Data.HasPairs ? request[PredictionParts.SecondText] : null, request.Count));

    /// <summary>As GLUE's server takes them. For an output that is no label stands the label that is likeliest to be written, for one that is no number 0.</summary>
    public void WriteSubmission(TaskModel model, TaskData data, string split, HiddenStateReader reader, Stream output, CancellationToken cancellation)
    {
        var (texts, writer) = ((TextToTextData)data, (TextToTextModel)model);
        TextSplit part = texts.Split(split);
        IReadOnlyList<string> written = texts.Write([writer], split, cancellation)[0];
        GlueSubmission.Write(output, part, written.Select((text, i) => Target switch
        {
            TextTarget.Text => text,
            TextTarget.Regression => GlueSubmission.Spell(TargetForm.Number(text) ?? 0, Data, texts.Set),
            _ => GlueSubmission.Spell(writer.IndexOf(text) ?? writer.Likeliest(part.Examples[i].Text, part.Examples[i].SecondText), Data, texts.Set),
        }));
    }

    private IEnumerable<OptionProblem> CheckSource()
    {
        if (Data.Glue is not null && Options.Source is not null)
        {
            yield return new("task.source", "is given; expected none because data.glue says what sources are.");
        }

        foreach ((string place, bool isNeeded) in ((string, bool)[])[(SourceForm.Text, true), (SourceForm.SecondText, Data.HasPairs)])
        {
            if (Data.Glue is null && Options.Source is { } source && source.Contains(place, StringComparison.Ordinal) != isNeeded)
            {
                yield return new("task.source", $"is {source}; expected {(isNeeded ? $"{place} in it" : $"no {place} in it because data.second_text is not given")}.");
            }
        }
    }
}
