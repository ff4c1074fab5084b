using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.VideoRetrieval;

/// <summary>Video–text retrieval as CLIP4Clip has it without a temporal network (Luo et al., arXiv 2104.08860, "mean pooling"), on MSR-VTT, MSVD or a user's own films.</summary>
public sealed class VideoRetrievalTask(Recipe recipe, VideoRetrievalOptions options, VideoRetrievalDataOptions data) : LearningTask(recipe), IPredictingTask
{
    /// <summary>What the backbone of frames is called.</summary>
    public const string Image = "image";

    /// <summary>What the backbone of texts is called.</summary>
    public const string Text = "text";

    /// <summary>As recipes name it.</summary>
    public static TaskRegistration Registration { get; } = TaskRegistration.Of<VideoRetrievalOptions, VideoRetrievalDataOptions>(
        "video_retrieval",
        [new BackboneNeed(Image, "image"), new BackboneNeed(Text, "text")],
        (recipe, options, data) => new VideoRetrievalTask(recipe, options, data),
        FilmDataSet.Describe);

    /// <inheritdoc/>
    public override IReadOnlyList<FigureDefinition> Figures => VideoRetrievalFigures.All;

    /// <inheritdoc/>
    public override string InputSizeOption => "data.max_frames";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Preprocessing => new OrderedDictionary<string, string>
    {
        ["image_size"] = $"{Data.ImageSize}",
        ["resize"] = "bicubic-antialias, short side, centre crop",
        ["range"] = "[0, 1]",
        ["frames_per_second"] = $"{Data.FramesPerSecond}",
        ["frames"] = $"{Data.MaxFrames}",
        ["frame_choice"] = Data.FrameChoice.ToString().ToLowerInvariant(),
        ["max_tokens"] = $"{Data.MaxTokens}",
        ["mask_id_zero"] = Data.MaskIdZero ? "true" : "false",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Asks => [PredictionParts.Text];

    /// <inheritdoc/>
    public bool NeedsData => true;

    /// <summary>The options of the section <c>task</c>.</summary>
    internal VideoRetrievalOptions Options { get; } = options;

    /// <summary>The options of the section <c>data</c>.</summary>
    internal VideoRetrievalDataOptions Data { get; } = data;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Recipe.Backbones[Image].Vocabulary is not null)
        {
            yield return new($"backbones.{Image}.vocabulary", "is given; expected none because this backbone reads frames.");
        }
    }

    /// <inheritdoc/>
    public override int? OutputOf(string backbone) => Options.Embedding;

    /// <inheritdoc/>
    public override TaskModel CreateModel(ModelParts parts) => new VideoRetrievalModel(this, parts, TextTokenizer.Open(Recipe.Backbones[Text]));

    /// <inheritdoc/>
    public override TaskData OpenData() => VideoRetrievalData.Open(this);

    /// <summary>The films of a split that fit a text best, by cosine.</summary>
    /// <inheritdoc/>
    public PredictionResult Predict(TaskModel model, PredictionRequest request)
    {
        var films = (VideoRetrievalData)request.Data!;
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor vectors = films.Embed(model, request.Split!, new HiddenStateReader(films), default);
        Tensor query = ((VideoRetrievalModel)model).EmbedTexts([request[PredictionParts.Text]]);
        IReadOnlyList<SearchedItem> items = films.Items(request.Split!);
        return new PredictionResult([.. Nearest.Of(vectors, query.select(0, 0), request.Count).Select(found => new Prediction(items[found.Index].Name, found.Score))]);
    }
}
