using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.ResNet;

/// <summary>
/// ResNet and ResNeXt without the classifier, under torchvision's names, of any depth, with basic blocks or bottlenecks and groups.
/// Pixels come as RGB in [0, 1] and are normalised here; batch norms use their stored statistics even where weights train. Hidden states
/// are the last maps of the four stages, at the strides 4, 8, 16 and 32.
/// </summary>
public sealed class ResNetEncoder : Backbone
{
    /// <summary>ε of the batch norms.</summary>
    internal const double Epsilon = 1e-5;

    private readonly ResNetConfig _config;
    private readonly ResNetTrunk _trunk;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>conv1</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ResNetEncoder(Weights weights, ResNetConfig config) : base(weights.Store)
    {
        _config = config;
        var stem = new ResNetStem(weights, config);
        _trunk = new ResNetTrunk(weights, config, stem);
        Streams = new(_trunk.Stream(this, Normalized));
    }

    /// <summary>As recipes name those whose pixels are normalised as torchvision does.</summary>
    public static BackboneArchitecture Torchvision { get; } = Architecture("resnet", PixelScale.ImageNet);

    /// <summary>As recipes name those that were trained by CNTK.</summary>
    public static BackboneArchitecture Cntk { get; } = Architecture("resnet_cntk", PixelScale.BgrMean);

    /// <inheritdoc/>
    public override string Name => (_config.Pixels == PixelScale.BgrMean ? Cntk : Torchvision).Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Image, new HiddenStates(Features(Normalized(input))));

    /// <summary>The last maps of the stages, of pixels that are normalised already.</summary>
    internal IReadOnlyList<Tensor> Features(Tensor normalized) => _trunk.Forward(normalized);

    private Tensor Normalized(BackboneInput input) =>
        _config.Pixels.Apply(PixelInput.Require(Name, input, ResNetTrunk.CoarsestStride)).to(Type);

    private static BackboneArchitecture Architecture(string name, PixelScale pixels) => new(name, [BackboneStream.Image], weights =>
    {
        weights.Ignore("fc.");
        return new ResNetEncoder(weights, ResNetConfig.Of(weights, pixels));
    });
}
