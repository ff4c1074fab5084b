using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>
/// CLIP's Vision Transformer (Radford et al., arXiv 2103.00020; OpenAI's <c>CLIP</c>, under its state dict's names).
/// Hidden states are what goes into the first block and what comes out of every block, <c>[B, 1 + patches, D]</c>: the class
/// token, then the patches row by row; pooled is the projected class token.
/// </summary>
public sealed class ClipVit : Backbone
{
    private readonly ClipVitConfig _config;
    private readonly Conv2d _patches;
    private readonly Tensor _classToken;
    private readonly Tensor _positions;
    private readonly LayerNorm _norm;
    private readonly ClipTransformer _transformer;
    private readonly ClipProjection _projection;
    private readonly Prompt _prompt;

    /// <summary>Builds the tower.</summary>
    /// <param name="weights">Where <c>visual</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipVit(Weights weights, ClipVitConfig config) : base(weights.Store)
    {
        _config = config;
        Weights visual = weights / "visual";
        Initializer normal = Initializers.Normal(1 / Math.Sqrt(config.Width));
        _patches = new Conv2d(visual / "conv1", 3, config.Width, config.Patch, config.Patch, bias: false);
        _classToken = visual.Parameter("class_embedding", normal, config.Width);
        _positions = visual.Parameter("positional_embedding", normal, config.Tokens, config.Width);
        _norm = new LayerNorm(visual / "ln_pre", config.Width, config.Epsilon);
        _transformer = new ClipTransformer(visual / "transformer", config.Width, config.Layers, config.Heads, config.Epsilon);
        _projection = new ClipProjection(visual / "ln_post", visual, "proj", config.Width, config.Output, config.Epsilon);
        _prompt = new Prompt(config.Width);
        Streams = new(_transformer.Stream(this, BackboneStream.Image, config.Output, _prompt, Cut));
    }

    /// <summary>As recipes name it; the checkpoint may hold both towers.</summary>
    public static BackboneArchitecture Architecture { get; } = new("clip_vit", [BackboneStream.Image], weights =>
    {
        ClipCheckpoint.IgnoreText(weights);
        return new ClipVit(weights, ClipVitConfig.Of(weights / "visual"));
    });

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OfPooled => _projection.Parameters;

    /// <summary>Tokens of the last hidden state in the space of the embeddings, <c>[…, D] → […, output]</c>.</summary>
    public Tensor Project(Tensor tokens) => _projection.forward(tokens);

    private CutBackbone Cut(int block) => new(
        Streams.Only, block, input => new HiddenStates(Run(input, ..block)), (state, _) => _transformer.Forward(state, _prompt, block..)[^1]);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        IReadOnlyList<Tensor> states = Run(input, ..);
        return new(BackboneStream.Image, new HiddenStates(states) { Pooled = Project(states[^1].select(1, 0)) });
    }

    private IReadOnlyList<Tensor> Run(BackboneInput input, Range blocks)
    {
        Tensor pixels = PixelInput.Of(Name, input);
        long[] shape = pixels.shape;
        if (shape.Length != 4 || shape[0] == 0 || !shape.AsSpan(1).SequenceEqual([3, _config.Resolution, _config.Resolution]))
        {
            throw new UserException(
                $"{Name} takes pictures [B, 3, {_config.Resolution}, {_config.Resolution}]; it was given [{string.Join(", ", shape)}].");
        }

        return _transformer.Forward(Embedded(pixels), _prompt, blocks);
    }

    private Tensor Embedded(Tensor pixels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor normalized = _config.NormalizesPixels ? ClipPixels.Normalize(pixels) : pixels;
        Tensor patches = _patches.forward(normalized.to(Type)).flatten(2).transpose(1, 2);
        Tensor embedded = torch.cat([_classToken.expand(pixels.size(0), 1, _config.Width), patches], 1);
        embedded.Add_(_positions);
        return scope.MoveToOuter(_norm.forward(_prompt.Prepend(embedded)));
    }
}
