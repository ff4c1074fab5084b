using UniPT.Backbones.Media;
using UniPT.Backbones.Regions;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Retrieval;

/// <summary>Image–text retrieval (VSE∞, Chen et al., CVPR 2021, and what is compared with it): two towers into one space.</summary>
public sealed class RetrievalTask(Recipe recipe, RetrievalOptions options, RetrievalDataOptions data) : LearningTask(recipe), IReportingTask, IPredictingTask
{
    /// <summary>What the backbone of pictures is called.</summary>
    public const string Image = "image";

    /// <summary>What the backbone of captions is called.</summary>
    public const string Text = "text";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<RetrievalOptions, RetrievalDataOptions>(
        "retrieval",
        [new BackboneNeed(Image, "image"), new BackboneNeed(Text, "text")],
        (recipe, options, data) => new RetrievalTask(recipe, options, data),
        DataSetDescription.Of);

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => RetrievalFigures.All;

    /// <inheritdoc/>
    public override string? InputSizeOption => ReadsRegions ? null : "data.image_size";

    /// <inheritdoc/>
    public override string? WhyInputsVary => Data switch
    {
        { Augmentation: not Augmentation.None } => "data.augmentation gives other pictures every epoch",
        { CaptionWordDrop: > 0 } => "data.caption_word_drop gives other captions every epoch",
        { RegionDrop: > 0 } => "data.region_drop gives other regions every epoch",
        _ => null,
    };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => ReadsRegions
        ? new OrderedDictionary<string, string> { ["regions"] = "as they are" }
        : new OrderedDictionary<string, string>
        {
            ["image_size"] = $"{Data.ImageSize}",
            ["resize"] = Data.Resize == PictureResize.Bilinear ? "bilinear" : "bicubic-antialias",
            ["range"] = "[0, 1]",
        };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => ReadsRegions ? [PredictionParts.Text] : [PredictionParts.Text, PredictionParts.Picture];

    /// <inheritdoc/>
    public bool AsksForOne => true;

    /// <inheritdoc/>
    public bool NeedsData => true;

    /// <summary>Whether pictures are read as the features of their regions.</summary>
    internal bool ReadsRegions => Recipe.Backbones[Image].Architecture == RegionFeatures.Architecture.Name;

    /// <summary>The options of the section <c>task</c>.</summary>
    internal RetrievalOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal RetrievalDataOptions Data { get; } = data;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Options.Loss is { Kind: not LossKind.Infonce, LearnTemperature: true })
        {
            yield return new("task.loss.learn_temperature", "is true; expected false because only infonce has a temperature.");
        }

        if (ReadsRegions && Data.Augmentation != Augmentation.None)
        {
            yield return new("data.augmentation", "varies pictures; expected none because features of regions are read (backbones.image.architecture).");
        }

        if (!ReadsRegions && Data.RegionDrop > 0)
        {
            yield return new("data.region_drop", $"is {Data.RegionDrop}; expected 0 because pictures are read: it is for the architecture {RegionFeatures.Architecture.Name}.");
        }

        if (Recipe.Backbones[Image].Vocabulary is not null)
        {
            yield return new($"backbones.{Image}.vocabulary", "is given; expected none because this backbone reads pictures.");
        }
    }

    /// <inheritdoc/>
    public override int? OutputOf(string backbone) => Options.Embedding;

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new RetrievalModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Text]));

    /// <inheritdoc/>
    public override TaskData OpenData() => RetrievalData.Open(this);

    /// <summary>The pictures of a data set that a text finds, or the captions that a picture finds, each once.</summary>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        (var retrieval, var data) = ((RetrievalModel)model, (RetrievalData)request.Data!);
        IReadOnlyList<CaptionedImage> images = data.Split(request.Split!).Images;
        bool byText = request.Parts.ContainsKey(PredictionParts.Text);
        Tensor query = byText
            ? retrieval.EmbedTexts([request[PredictionParts.Text]])
            : retrieval.EmbedPictures([ImageDecoder.Read(request[PredictionParts.Picture])]);
        string backbone = byText ? Image : Text;
        Tensor vectors = new HiddenStateReader(data).Collect([retrieval], backbone, request.Split!, (one, hidden) => one.Embed(backbone, hidden))[0];
        string[] names = byText ? [.. images.Select(image => image.Name)] : [.. images.SelectMany(image => image.Captions)];
        return new PredictionResult(
        [
            .. Nearest.Of(vectors, query.select(0, 0), names.Length).Select(found => new Prediction(names[found.Index], found.Score)).DistinctBy(found => found.Text).Take(request.Count),
        ]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ConfidenceExample> Examples(TaskData data, TaskModel model, string split, int count)
    {
        (var pictures, var retrieval) = (((RetrievalData)data).Split(split), (RetrievalModel)model);
        (BackboneInputs ofPictures, BackboneInputs ofCaptions) = (data.Inputs(Image, split), data.Inputs(Text, split));
        int total = pictures.HasFile(0) ? Math.Min(count, pictures.Images.Count) : 0;
        return [.. Enumerable.Range(0, total).Select(i => Example(i * (pictures.Images.Count / total)))];

        ConfidenceExample Example(int picture)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            CaptionedImage image = pictures.Images[picture];
            int caption = pictures.Images.Take(picture).Sum(before => before.Captions.Count);
            return new ConfidenceExample(
                image.Name,
                Picture.Of(image.Name, pictures.ReadImage(picture)),
                image.Captions[0],
                [
                    ComparisonReports.WeightsOf("Picture", retrieval.Image, retrieval.Image.forward(ofPictures.Batch([picture]))),
                    ComparisonReports.WeightsOf("Caption", retrieval.Text, retrieval.Text.forward(ofCaptions.Batch([caption]))),
                ]);
        }
    }
}
