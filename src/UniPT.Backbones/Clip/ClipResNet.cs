using UniPT.Backbones.Layers;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>
/// CLIP's ResNet, which its code calls ModifiedResNet (Radford et al., arXiv 2103.00020; OpenAI's <c>CLIP</c>, under its state dict's names): a stem of
/// three convolutions, averages in the place of strides. Hidden states are the last maps of the four stages, at the strides 4, 8, 16 and 32, of pictures
/// of any size that 32 divides; pooled is the attention pooling of the last map, of pictures of <see cref="ClipResNetConfig.Resolution"/> only.
/// </summary>
public sealed class ClipResNet : Backbone
{
    private readonly ClipResNetConfig _config;
    private readonly ResNetTrunk _trunk;
    private readonly ClipAttentionPool _pool;

    /// <summary>Builds the tower.</summary>
    /// <param name="weights">Where <c>visual</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipResNet(Weights weights, ClipResNetConfig config) : base(weights.Store)
    {
        _config = config;
        _trunk = Trunk(weights / "visual", config);
        _pool = new ClipAttentionPool(weights / "visual" / "attnpool", config);
        Streams = new(_trunk.Stream(this, Normalized, config.Output));
    }

    /// <summary>As recipes name it; the checkpoint may hold both towers.</summary>
    public static BackboneArchitecture Architecture { get; } = new("clip_resnet", [BackboneStream.Image], weights =>
    {
        ClipCheckpoint.IgnoreText(weights);
        return new ClipResNet(weights, ClipResNetConfig.Of(weights / "visual"));
    });

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override bool HasRunningStatistics => _config.BatchStatistics;

    /// <summary>Stem and stages, without the pooling.</summary>
    /// <param name="weights">Where <c>conv1</c> stands.</param>
    /// <param name="config">Their sizes.</param>
    internal static ResNetTrunk Trunk(Weights weights, ClipResNetConfig config)
    {
        var stem = new ClipStem(weights, config);
        return new ResNetTrunk(weights, config.Stages(), stem);
    }

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        Tensor pixels = Normalized(input);
        IReadOnlyList<Tensor> maps = _trunk.Forward(pixels);
        bool pools = pixels.size(2) == _config.Resolution && pixels.size(3) == _config.Resolution;
        return new(BackboneStream.Image, new HiddenStates(maps) { Pooled = pools ? _pool.forward(maps[^1]) : null });
    }

    private Tensor Normalized(BackboneInput input)
    {
        Tensor pixels = PixelInput.Require(Name, input, ResNetTrunk.CoarsestStride);
        return (_config.NormalizesPixels ? ClipPixels.Normalize(pixels) : pixels).to(Type);
    }
}
