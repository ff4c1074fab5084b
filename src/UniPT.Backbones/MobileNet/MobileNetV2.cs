using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.MobileNet;

/// <summary>
/// MobileNetV2 of width 1.0 without its classifier, in the Keras form: RGB in [0, 1], stride-2 convolutions padded at the
/// right and the bottom only, batch norm with ε = 1e-3 (<c>nsfwjs</c>, Keras' <c>MobileNetV2</c>). Parameters carry
/// torchvision's names. Hidden states are the last maps at the strides 4, 8, 16 and 32.
/// </summary>
public sealed class MobileNetV2 : Backbone
{
    private const int CoarsestStride = 32;
    private static readonly int[] Stages = [3, 6, 13, 18];
    private readonly MapSequence _features;

    /// <summary>Builds the network; its batch norms use their stored statistics even where its weights train.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public MobileNetV2(Weights weights) : base(weights.Store)
    {
        Weights features = weights / "features";
        var modules = new List<Module> { InvertedResidual.Convolution(features / 0 / 0, features / 0 / 1, new ConvShape(3, 32, 3, 2, Activation: Activation.Relu6)) };
        int channels = 32;
        foreach ((int expansion, int output, int blocks, int stride) in new[]
        {
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        })
        {
            for (int block = 0; block < blocks; block++)
            {
                modules.Add(new InvertedResidual(features / modules.Count, channels, output, block == 0 ? stride : 1, expansion));
                channels = output;
            }
        }

        List<BackboneBlock> points = [.. modules.OfType<InvertedResidual>().Select((block, i) => block.Points($"features.{i + 1}"))];
        ConvBatchNorm last = InvertedResidual.Convolution(
            features / modules.Count / 0, features / modules.Count / 1, new ConvShape(channels, 1280, Activation: Activation.Relu6));
        points.Add(new BackboneBlock(
            $"features.{modules.Count}", features / modules.Count, new Dictionary<LinearRole, LinearMap> { [LinearRole.Expand] = last }));
        modules.Add(last);
        _features = new MapSequence(modules);
        Streams = new(new BackboneStream(this, BackboneStream.Image, HiddenLayout.Maps, [24, 32, 96, 1280], ["stride 4", "stride 8", "stride 16", "stride 32"])
        {
            Blocks = points,
            Cut = Cut,
        });
    }

    /// <summary>As recipes name it.</summary>
    public static BackboneArchitecture Architecture { get; } = new("mobilenet_v2", [BackboneStream.Image], weights => new MobileNetV2(weights));

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    private CutBackbone Cut(int block)
    {
        BackboneStream stream = Streams.Only;

        // Block b is features.(b + 1), and what goes into it comes out of features.b.
        int[] early = [.. Stages.Where(stage => stage < block), block];
        int width = (int)stream.Blocks[block].Linears.MinBy(pair => pair.Key).Value.Input;
        return new CutBackbone(
            stream,
            [.. stream.Widths.Take(early.Length - 1), width],
            [.. stream.LayerNames.Take(early.Length - 1), $"features.{block}"],
            input => new HiddenStates(_features.Forward(Checked(input), 0, early)),
            (state, _) => _features.Forward(state, block + 1, _features.Count - 1)[0]);
    }

    /// <summary>The outputs of some of the modules <c>features.0</c> to <c>features.18</c>, in channels-last order.</summary>
    internal IReadOnlyList<Tensor> Features(Tensor pixels, params ReadOnlySpan<int> wanted) => _features.Forward(pixels, 0, wanted);

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) =>
        new(BackboneStream.Image, new HiddenStates(_features.Forward(Checked(input), 0, Stages)));

    private Tensor Checked(BackboneInput input) => PixelInput.Require(Name, input, CoarsestStride).to(Type);
}
