using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Tasks.Questions.Data;
using UniPT.Tasks.Questions.Metrics;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Questions;

/// <summary>
/// Visual question answering on VQAv2 and GQA as Clip-ViL does it (Shen et al., arXiv 2107.06383), with any backbone that reads a picture and a question together: each
/// answer of a table is right or wrong on its own.
/// </summary>
public sealed class QuestionsTask(Recipe recipe, QuestionsOptions options, QuestionDataOptions data) : LearningTask(recipe), IPredictingTask, ISubmittingTask, IReportingTask
{
    /// <summary>What the backbone is called.</summary>
    public const string Joint = "joint";

    private static readonly JsonWriterOptions Submission = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<QuestionsOptions, QuestionDataOptions>(
        "questions", [new BackboneNeed(Joint, BackboneStream.Joint)], (recipe, options, data) => new QuestionsTask(recipe, options, data), QuestionDescription.Of);

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => QuestionFigures.Of(Data.Benchmark);

    /// <inheritdoc/>
    public override string InputSizeOption => "data.image_size";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["canvas"] = $"{Data.ImageSize}x{Data.LongSide}",
        ["resize"] = "bilinear-antialias",
        ["range"] = "[0, 1]",
        ["question_tokens"] = $"{Data.QuestionTokens}",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => [PredictionParts.Picture, PredictionParts.Text];

    /// <summary>The options of the section <c>task</c>.</summary>
    internal QuestionsOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal QuestionDataOptions Data { get; } = data;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Data.LongSide < Data.ImageSize)
        {
            yield return new("data.long_side", $"is {Data.LongSide}; expected at least data.image_size, which is {Data.ImageSize}.");
        }
    }

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new QuestionsModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Joint]));

    /// <inheritdoc/>
    public override TaskData OpenData() => QuestionsData.Open(this);

    /// <inheritdoc/>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        var questions = (QuestionsModel)model;
        float[] scores = questions.Predict(ImageDecoder.Read(request[PredictionParts.Picture]), request[PredictionParts.Text]);
        return new PredictionResult(
            [.. Enumerable.Range(0, scores.Length).OrderByDescending(answer => scores[answer]).Take(request.Count).Select(answer => new Prediction(questions.Answers[answer], scores[answer]))]);
    }

    /// <inheritdoc/>
    public void WriteSubmission(TaskModel model, TaskData data, string split, HiddenStateReader reader, Stream output, CancellationToken cancellation)
    {
        (var questions, var opened) = ((QuestionsModel)model, (QuestionsData)data);
        int[] chosen = opened.Choose([questions], split, reader, cancellation)[0];
        using var writer = new Utf8JsonWriter(output, Submission);
        writer.WriteStartArray();
        foreach ((Question question, int answer) in opened.Split(split).Questions.Zip(chosen))
        {
            writer.WriteStartObject();
            if (Data.Benchmark == QuestionBenchmark.Gqa)
            {
                writer.WriteString("questionId", question.Id);
                writer.WriteString("prediction", questions.Answers[answer]);
            }
            else
            {
                WriteVqaId(writer, question.Id);
                writer.WriteString("answer", questions.Answers[answer]);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <inheritdoc/>
    public IReadOnlyList<ConfidenceExample> Examples(TaskData data, TaskModel model, string split, int count)
    {
        (var opened, var questions) = ((QuestionsData)data, (QuestionsModel)model);
        IReadOnlyList<Question> all = opened.Split(split).Questions;
        BackboneInputs inputs = data.Inputs(Joint, split);
        int total = Math.Min(count, all.Count);
        return [.. Enumerable.Range(0, total).Select(i => Example(i * (all.Count / total)))];

        ConfidenceExample Example(int place)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Question question = all[place];
            string name = opened.Set.Pictures.NameOf(question.Picture);
            HiddenStates hidden = questions.Joint.Hidden(inputs.Batch([place]));
            string answer = questions.Answers[(int)questions.Forward(hidden).argmax(1).item<long>()];
            return new ConfidenceExample(
                $"{name}, question {question.Id}",
                Picture.Of(name, opened.Set.Pictures.Read(question.Picture)),
                $"{question.Text} – {answer}",
                [ComparisonReports.WeightsOf("Question and picture", questions.Joint, questions.Joint.Adapt(hidden))]);
        }
    }

    private static void WriteVqaId(Utf8JsonWriter writer, string id)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            writer.WriteNumber("question_id", number);
        }
        else
        {
            writer.WriteString("question_id", id);
        }
    }
}
