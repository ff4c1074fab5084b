using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Tasks.VideoRetrieval.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.VideoRetrieval;

/// <summary>
/// Two towers into one space (CLIP4Clip with mean pooling): a film is the mean direction of its frames, and the cosine is the similarity. A tower's vector is the backbone's
/// own embedding where the method leaves or tunes it, otherwise the mean of the adapted features.
/// </summary>
public sealed class VideoRetrievalModel : TaskModel, ISearchingModel
{
    private const string ProbeText = "a red circle moves left";

    // CLIP's bound: cosines are multiplied by 100 at most.
    private static readonly double LargestLogScale = Math.Log(100);
    private readonly VideoRetrievalTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly TextInputs _texts;
    private readonly Tensor? _logScale;
    private readonly Device _device;

    internal VideoRetrievalModel(VideoRetrievalTask task, ModelParts parts, TextTokenizer tokenizer) : base(parts)
    {
        (_task, _tokenizer, _device) = (task, tokenizer, task.Recipe.Device.Name());
        _tokenizer.Fit(Text.Stream, task.Data.MaxTokens);
        if (task.Options.Embedding is null)
        {
            Image.Backbone.TrainPooled();
            Text.Backbone.TrainPooled();
        }

        _texts = new TextInputs(tokenizer, task.Data.MaskIdZero, _device);
        _logScale = task.Options.LearnLogitScale ? parts.Weights.Parameter("logit_scale", Initializers.Constant(Math.Log(task.Options.LogitScale))) : null;
    }

    /// <summary>The frames' side.</summary>
    public TunedBackbone Image => Tuned[VideoRetrievalTask.Image];

    /// <summary>The texts' side.</summary>
    public TunedBackbone Text => Tuned[VideoRetrievalTask.Text];

    /// <summary>Unit vectors <c>[B, E]</c> of pictures, each as a film of one frame, in the current scope.</summary>
    public Tensor EmbedPictures(IReadOnlyList<RgbImage> pictures) => TorchErrors.Explain(() => Inference.Run(() =>
    {
        Tensor pixels = torch.stack([.. pictures.Select(picture => ImageTransforms.ShortSide(picture, _task.Data.ImageSize))]);
        return VideoTextSimilarity.Normalize(Embed(VideoRetrievalTask.Image, Image.Hidden(BackboneInput.Pictures(pixels.to(_device)))));
    }));

    /// <summary>Unit vectors <c>[B, E]</c> of texts, in the current scope.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    public Tensor EmbedTexts(IReadOnlyList<string> texts)
    {
        if (texts.Any(string.IsNullOrWhiteSpace))
        {
            throw new UserException("The query is empty; say what to look for.");
        }

        return TorchErrors.Explain(() => Inference.Run(() => VideoTextSimilarity.Normalize(Embed(VideoRetrievalTask.Text, Text.Hidden(_texts.Batch(_texts.Encode(texts, 1)))))));
    }

    /// <summary>A sentence for the user where a text is longer than what is read of it; null elsewhere.</summary>
    public string? CutNotice(string text) => _tokenizer.Cuts(text) ? $"The query is longer than {_tokenizer.Room} tokens and was cut." : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe()
    {
        RgbImage[] frames = [ProbeFrame(10), ProbeFrame(40)];
        Tensor pixels = torch.stack([.. frames.Select(frame => ImageTransforms.ShortSide(frame, _task.Data.ImageSize))]).to(_device);
        Tensor film = VideoTextSimilarity.Pool(Embed(VideoRetrievalTask.Image, Image.Hidden(BackboneInput.Pictures(pixels))), [2], [2]);
        Tensor text = VideoTextSimilarity.Normalize(Embed(VideoRetrievalTask.Text, Text.Hidden(_texts.Batch(_texts.Encode([ProbeText], 1)))));
        return new Dictionary<string, Tensor> { ["probe.film"] = film.select(0, 0), ["probe.text"] = text.select(0, 0) };
    }

    /// <summary>Vectors <c>[B, E]</c> of any length of hidden states, in the current scope.</summary>
    /// <param name="backbone">Whose.</param>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal Tensor Embed(string backbone, HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedFeatures features = Tuned[backbone].Adapt(hidden);
        Tensor pooled = features.Pooled ?? TokenMean.Of(features.Tokens, features.Mask);
        return scope.MoveToOuter(features.Direct is { } direct ? pooled.Add(direct) : pooled.to(ScalarType.Float32));
    }

    /// <summary>The logits <c>[texts, films]</c>, recorded where somebody trains.</summary>
    /// <param name="texts">Vectors of texts of any length.</param>
    /// <param name="films">Unit vectors of films.</param>
    /// <exception cref="UserException">They are not equally wide.</exception>
    internal Tensor Logits(Tensor texts, Tensor films)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RequireOneSpace(texts, films);
        Tensor scale = _logScale?.clamp(Scalars.Of(double.NegativeInfinity), Scalars.Of(LargestLogScale)) ?? torch.tensor((float)Math.Log(_task.Options.LogitScale), device: texts.device);
        return scope.MoveToOuter(VideoTextSimilarity.Logits(texts, films, scale));
    }

    /// <exception cref="UserException">Texts and films are not equally wide.</exception>
    internal static void RequireOneSpace(Tensor texts, Tensor films)
    {
        if (texts.size(1) != films.size(1))
        {
            throw new UserException($"Frames become vectors of {films.size(1)} numbers and texts of {texts.size(1)}, which cannot be compared; set task.embedding to one width for both.");
        }
    }

    /// <summary>A red disc on white, some pixels from the left.</summary>
    private static RgbImage ProbeFrame(int left)
    {
        const int Width = 80;
        const int Height = 60;
        var pixels = new byte[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
        {
            (int x, int y) = ((i % Width) - left - 10, (i / Width) - 30);
            bool disc = (x * x) + (y * y) < 150;
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = disc ? ((byte)220, (byte)20, (byte)30) : ((byte)255, (byte)255, (byte)(4 * (i / Width)));
        }

        return new RgbImage(Width, Height, pixels);
    }
}
