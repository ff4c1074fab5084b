using System.Text.Json;
using UniPT.Backbones.Media;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Drawing;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Grounding;

/// <summary>Visual grounding: finds the box of a picture that an expression means, with the queries of an MDETR's decoder (Kamath et al., ICCV 2021).</summary>
public sealed class GroundingTask(Recipe recipe, GroundingOptions options, GroundingDataOptions data)
    : LearningTask(recipe), IPredictingTask, ISubmittingTask, IReportingTask
{
    /// <summary>What the backbone of pictures and texts is called.</summary>
    public const string Joint = "joint";

    private const string Architecture = "mdetr";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<GroundingOptions, GroundingDataOptions>(
        "grounding", [new BackboneNeed(Joint, "decoder")], (recipe, options, data) => new GroundingTask(recipe, options, data), ExpressionDataSet.Describe);

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => GroundingFigures.Of(Options, Data);

    /// <inheritdoc/>
    public override string WhyInputsVary => "pictures of other sizes stand in every batch of the task grounding";

    /// <inheritdoc/>
    public override string InputSizeOption => "data.size";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["size"] = $"{Data.Size}",
        ["max_side"] = $"{Data.MaxSide}",
        ["resize"] = "bilinear-antialias",
        ["range"] = "[0, 1]",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => [PredictionParts.Picture, PredictionParts.Text];

    /// <summary>The options of the section <c>task</c>.</summary>
    internal GroundingOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal GroundingDataOptions Data { get; } = data;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Recipe.Backbones.TryGetValue(Joint, out BackboneOptions? joint) && joint.Architecture != Architecture)
        {
            yield return new($"backbones.{Joint}.architecture", $"is {joint.Architecture}; expected {Architecture}, whose decoder's queries find boxes.");
        }

        foreach ((string key, OptionList<int> sizes, bool needed) in new[] { ("data.sizes", Data.Sizes, true), ("data.crop_sizes", Data.CropSizes, Data.CropShare > 0) })
        {
            if (needed && sizes.Count == 0)
            {
                yield return new(key, "is empty; expected one shorter side at least.");
            }
        }

        if (Data.Sizes.Append(Data.Size).Max() is var largest && largest > Data.MaxSide)
        {
            yield return new("data.max_side", $"is {Data.MaxSide}; expected at least {largest}, the longest shorter side of data.size and data.sizes.");
        }
    }

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new GroundingModel(this, parts);

    /// <inheritdoc/>
    public override TaskData OpenData() => GroundingData.Open(this);

    /// <summary>The surest boxes, as <c>x0 y0 x1 y1</c> in pixels of the picture, which is drawn with them.</summary>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        RgbImage picture = ImageDecoder.Read(request[PredictionParts.Picture]);
        IReadOnlyList<FoundBox> found = ((GroundingModel)model).Find(picture, request[PredictionParts.Text], request.Count);
        return new PredictionResult([.. found.Select(box => new Prediction(box.Box.ToString(), box.Score))], BoxDrawing.Png(picture, [.. found.Select(box => box.Box)]));
    }

    /// <summary>
    /// The ten surest boxes of every expression in the format of COCO's results: <c>image_id</c> is the expression's <c>id</c> in its annotation file, <c>bbox</c> is x, y, width, height in pixels.
    /// </summary>
    public void WriteSubmission(TaskModel model, TaskData data, string split, HiddenStateReader reader, Stream output, CancellationToken cancellation)
    {
        const int Count = 10;
        using DisposeScope scope = torch.NewDisposeScope();
        var grounding = (GroundingData)data;
        Tensor rows = grounding.Find([(GroundingModel)model], split, reader, cancellation)[0].to(CPU);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartArray();
        foreach ((int i, Expression expression) in grounding.Split(split).Expressions.Index())
        {
            using DisposeScope step = torch.NewDisposeScope();
            foreach (FoundBox found in FoundBox.Ranked(rows.select(0, i), expression.Width, expression.Height, Count))
            {
                writer.WriteStartObject();
                writer.WriteNumber("image_id", expression.Id);
                writer.WriteNumber("category_id", 1);
                writer.WriteStartArray("bbox");
                foreach (double number in (double[])[found.Box.Left, found.Box.Top, found.Box.Right - found.Box.Left, found.Box.Bottom - found.Box.Top])
                {
                    writer.WriteNumberValue(Math.Round(number, 2));
                }

                writer.WriteEndArray();
                writer.WriteNumber("score", Math.Round(found.Score, 6));
                writer.WriteEndObject();
            }

            writer.Flush();
        }

        writer.WriteEndArray();
    }

    /// <summary>Pictures with the right box and the first one that was found drawn into them.</summary>
    public IReadOnlyList<ConfidenceExample> Examples(TaskData data, TaskModel model, string split, int count)
    {
        (var grounding, var tuned) = ((GroundingData)data, (GroundingModel)model);
        IReadOnlyList<Expression> expressions = grounding.Split(split).Expressions;
        BackboneInputs inputs = data.Inputs(Joint, split);
        int total = Math.Min(count, expressions.Count);
        return [.. Enumerable.Range(0, total).Select(i => Example(i * (expressions.Count / total)))];

        ConfidenceExample Example(int place)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Expression expression = expressions[place];
            RgbImage picture = grounding.Picture(expression);
            IReadOnlyList<FoundBox> found = tuned.Find(picture, expression.Text);
            byte[] drawn = BoxDrawing.Png(picture, [found[0].Box], expression.Box);
            return new ConfidenceExample(
                expression.File,
                Picture.Of(expression.File, drawn),
                $"{expression.Text} (found in red, right in green)",
                [ComparisonReports.WeightsOf("Decoder", tuned.Joint, tuned.Joint.forward(inputs.Batch([place])))]);
        }
    }
}
