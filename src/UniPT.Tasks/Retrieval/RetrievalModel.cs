using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Losses;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval;

/// <summary>
/// Two towers into one space, in which the cosine is the similarity (VSE∞): each a tuned stream and the head that makes one vector of
/// its features.
/// </summary>
public sealed class RetrievalModel : TaskModel, ISearchingModel
{
    private const int ProbeRegions = 4;
    private const string ProbeText = "a small red circle on a white square";
    private readonly Dictionary<string, EmbeddingHead> _heads = new(StringComparer.Ordinal);
    private readonly PictureLoader _loader;
    private readonly TextTokenizer _tokenizer;
    private readonly Device _device;
    private readonly PictureMlp? _mlp;
    private readonly bool _readsRegions;

    internal RetrievalModel(RetrievalTask task, ModelParts parts, TextTokenizer tokenizer) : base(parts)
    {
        RetrievalOptions options = task.Options;
        foreach (string backbone in (string[])[RetrievalTask.Image, RetrievalTask.Text])
        {
            TokenPooling pooling = options.Pooling == Pooling.Gpo ? new Gpo(parts.Weights / backbone / "gpool") : new MeanPooling();
            _heads[backbone] = new EmbeddingHead(pooling, backbone == RetrievalTask.Text ? options.CaptionTokenDrop ?? options.TokenDrop : options.TokenDrop);
        }

        _readsRegions = task.ReadsRegions;
        _mlp = options.PictureMlp == 0
            ? null
            : new PictureMlp(parts.Weights / RetrievalTask.Image / "mlp", (int)Image.Stream.Widths[^1], options.PictureMlp, Image.Output);

        Objective = new RetrievalObjective(options.Loss, parts.Weights / "loss");
        _loader = new PictureLoader(task.Data, task.Recipe.Seed);
        _device = task.Recipe.Device.Name();
        _tokenizer = tokenizer;
        _tokenizer.Fit(Text.Stream);
    }

    /// <summary>The picture's side.</summary>
    public TunedBackbone Image => Tuned[RetrievalTask.Image];

    /// <summary>The caption's side.</summary>
    public TunedBackbone Text => Tuned[RetrievalTask.Text];

    internal RetrievalObjective Objective { get; }

    /// <summary>Unit vectors <c>[B, embedding]</c> of pictures, in the current scope; their dot products are similarities.</summary>
    public Tensor EmbedPictures(IReadOnlyList<RgbImage> pictures) => Run(() => Embed(RetrievalTask.Image, Image.Hidden(Pixels(pictures))));

    /// <summary>Unit vectors <c>[B, embedding]</c> of texts, in the current scope.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    public Tensor EmbedTexts(IReadOnlyList<string> texts) => Run(() => Embed(RetrievalTask.Text, Text.Hidden(Ids(texts))));

    /// <summary>As <see cref="EmbedPictures(IReadOnlyList{RgbImage})"/>, for each of several models on the same backbone, which runs once.</summary>
    /// <exception cref="UserException">A model changes the hidden states, or has another backbone than the first.</exception>
    public static IReadOnlyList<Tensor> EmbedPictures(IReadOnlyList<RetrievalModel> models, IReadOnlyList<RgbImage> pictures) =>
        Run(() => Embed(models, RetrievalTask.Image, models[0].Pixels(pictures)));

    /// <summary>As <see cref="EmbedTexts(IReadOnlyList{string})"/>, for each of several models on the same backbone, which runs once.</summary>
    /// <exception cref="UserException">A text has nothing in it; a model changes the hidden states, or has another backbone than the first.</exception>
    public static IReadOnlyList<Tensor> EmbedTexts(IReadOnlyList<RetrievalModel> models, IReadOnlyList<string> texts) =>
        Run(() => Embed(models, RetrievalTask.Text, models[0].Ids(texts)));

    /// <summary>A sentence for the user where a text is longer than the backbone reads, so that its end is not looked for; null elsewhere.</summary>
    public string? CutNotice(string text) => _tokenizer.Cuts(text) ? $"The query is longer than {_tokenizer.Room} tokens and was cut." : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>
    {
        ["probe.picture"] = Embed(RetrievalTask.Image, Image.Hidden(_readsRegions ? SomeRegions() : Pixels([ProbePicture.Of(80, 60)]))).select(0, 0),
        ["probe.text"] = Embed(RetrievalTask.Text, Text.Hidden(Ids([ProbeText]))).select(0, 0),
    };

    /// <summary>Unit vectors <c>[B, embedding]</c> of hidden states, in the current scope.</summary>
    /// <param name="backbone">Whose.</param>
    /// <param name="hidden">As the backbone's method reads them.</param>
    /// <param name="draw">In training, where the dropping of tokens draws from.</param>
    internal Tensor Embed(string backbone, HiddenStates hidden, Func<double>? draw = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedFeatures features = Tuned[backbone].Adapt(hidden);
        return scope.MoveToOuter(_heads[backbone].Forward(backbone == RetrievalTask.Image ? WithMlp(features, hidden) : features, draw));
    }

    private static Tensor[] Embed(IReadOnlyList<RetrievalModel> models, string backbone, BackboneInput input)
    {
        var set = new AdapterSet(models[0].Tuned[backbone].Backbone);
        foreach (RetrievalModel model in models)
        {
            set.Add(model.Tuned[backbone]);
        }

        BackboneOutput hidden = set.Hidden(input);
        return [.. models.Select(model => model.Embed(backbone, model.Tuned[backbone].Stream.Of(hidden)))];
    }

    private TunedFeatures WithMlp(TunedFeatures features, HiddenStates hidden)
    {
        if (_mlp is null)
        {
            return features;
        }

        Tensor beside = _mlp.Forward(hidden.Tokens(^1));
        return beside.size(1) == features.Tokens.size(1)
            ? features with { Tokens = features.Tokens.Add(beside) }
            : throw new UserException($"task.picture_mlp adds to {beside.size(1)} regions or cells; the method gives {features.Tokens.size(1)}.");
    }

    private static Tensor Run(Func<Tensor> compute) => TorchErrors.Explain(() => Inference.Run(compute));

    private static IReadOnlyList<Tensor> Run(Func<IReadOnlyList<Tensor>> compute) => TorchErrors.Explain(() => Inference.Run(compute));

    /// <summary>Pixels <c>[B, 3, S, S]</c>.</summary>
    /// <exception cref="UserException">The model reads regions.</exception>
    private BackboneInput Pixels(IReadOnlyList<RgbImage> pictures)
    {
        if (_readsRegions)
        {
            throw new UserException("This adapter reads features of regions that a detector computed, and no pictures.");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return BackboneInput.Pictures(scope.MoveToOuter(torch.stack([.. pictures.Select(_loader.Prepare)]).to(_device)));
    }

    /// <summary>Token ids <c>[B, N]</c>.</summary>
    private BackboneInput Ids(IReadOnlyList<string> texts) => BackboneInput.Texts([.. texts.Select(Encode)], _device);

    private int[] Encode(string text)
    {
        int[] ids = _tokenizer.Encode(text);
        return string.IsNullOrWhiteSpace(text) || ids.Length <= _tokenizer.Fewest
            ? throw new UserException("The query is empty; say what to look for.")
            : ids;
    }

    /// <summary>Regions with a pattern.</summary>
    private BackboneInput SomeRegions()
    {
        int width = (int)Image.Stream.Widths[^1];
        float[] pattern = [.. Enumerable.Range(0, ProbeRegions * width).Select(i => i * 37 % 101 / 101f)];
        return new((BackboneInput.RegionsPart, TensorData.From(pattern, 1, ProbeRegions, width).to(_device)));
    }
}
