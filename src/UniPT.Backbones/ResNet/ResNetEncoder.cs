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

    private const int CoarsestStride = 32;
    private readonly ResNetConfig _config;
    private readonly MapSequence _modules;
    private readonly ResNetBlock[] _blocks;
    private readonly int[] _stages;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>conv1</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ResNetEncoder(Weights weights, ResNetConfig config) : base(weights.Store)
    {
        _config = config;
        var blocks = new List<ResNetBlock>();
        var points = new List<BackboneBlock>();
        var ends = new List<int>();
        int channels = config.Stem;
        for (int stage = 0; stage < config.Blocks.Count; stage++)
        {
            Weights place = weights / $"layer{stage + 1}";
            for (int i = 0; i < config.Blocks[stage]; i++)
            {
                blocks.Add(new ResNetBlock(place / i, config, stage, channels, i == 0 && stage > 0 ? 2 : 1));
                points.Add(blocks[^1].Points($"layer{stage + 1}.{i}"));
                channels = config.Widths[stage];
            }

            // The stem is the first module.
            ends.Add(blocks.Count);
        }

        (_blocks, _stages) = ([.. blocks], [.. ends]);
        _modules = new MapSequence([new ResNetStem(weights, config.Stem), .. blocks]);
        Streams = new(new BackboneStream(this, BackboneStream.Image, HiddenLayout.Maps, config.Widths, ["stride 4", "stride 8", "stride 16", "stride 32"])
        {
            Blocks = points,
            Cut = Cut,
        });
    }

    /// <summary>As recipes name those whose pixels are normalised as torchvision does.</summary>
    public static BackboneArchitecture Torchvision { get; } = Architecture("resnet", PixelScale.ImageNet);

    /// <summary>As recipes name those that were trained by CNTK.</summary>
    public static BackboneArchitecture Cntk { get; } = Architecture("resnet_cntk", PixelScale.BgrMean);

    /// <inheritdoc/>
    public override string Name => (_config.Pixels == PixelScale.BgrMean ? Cntk : Torchvision).Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    private CutBackbone Cut(int block)
    {
        BackboneStream stream = Streams.Only;

        // Block b is module b + 1, and what goes into it comes out of module b.
        int[] early = [.. _stages.Where(stage => stage < block), block];
        return new CutBackbone(
            stream,
            [.. stream.Widths.Take(early.Length - 1), _blocks[block].Input],
            [.. stream.LayerNames.Take(early.Length - 1), $"before {stream.Blocks[block].Name}"],
            input => new HiddenStates(Run(input, early)),
            (state, _) => _modules.Forward(state, block + 1, _modules.Count - 1)[0]);
    }

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Image, new HiddenStates(Run(input, _stages)));

    /// <summary>The last maps of the stages, of pixels that are normalised already.</summary>
    internal IReadOnlyList<Tensor> Features(Tensor normalized) => _modules.Forward(normalized, 0, _stages);

    private List<Tensor> Run(BackboneInput input, int[] wanted)
    {
        Tensor pixels = PixelInput.Require(Name, input, CoarsestStride);
        return _modules.Forward(_config.Pixels.Apply(pixels).to(Type), 0, wanted);
    }

    private static BackboneArchitecture Architecture(string name, PixelScale pixels) => new(name, [BackboneStream.Image], weights =>
    {
        weights.Ignore("fc.");
        return new ResNetEncoder(weights, ResNetConfig.Of(weights, pixels));
    });
}
