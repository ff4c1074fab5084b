using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>A backbone whose early hidden states are merged into what its late, frozen blocks are given.</summary>
internal sealed class SherlBackbone : TunedBackbone
{
    private const double Temperature = 0.1;
    private readonly CutBackbone _backbone;
    private readonly Module[] _projections;
    private readonly RedundancyMerging _merging;
    private readonly Linear _up;
    private readonly Tensor _lastGate;
    private readonly Linear _linear;

    /// <summary>Takes <c>projections.k</c>, <c>relevance</c>, <c>up</c>, <c>last_gate [1]</c> and <c>linear</c>.</summary>
    /// <param name="backbone">The early blocks, which are only read.</param>
    /// <param name="late">Those behind.</param>
    /// <param name="weights">Where they stand.</param>
    /// <param name="output">Width of the adapted features.</param>
    /// <param name="width">Of what is merged.</param>
    /// <param name="projection">How hidden states get that width.</param>
    public SherlBackbone(
        CutBackbone backbone, IEnumerable<BackboneBlock> late, Weights weights, int output, int width, SherlProjection projection) : base(backbone.Streams.Only, weights)
    {
        (_backbone, Output, PassedWeights) = (backbone, output, [.. late.Select(block => block.Weights)]);
        _projections =
        [
            .. Stream.Widths.Select<int, Module>((input, k) => projection == SherlProjection.Tiered
                ? new TieredAdapter(weights / "projections" / k, input, width)
                : new NormedLinear(weights / "projections" / k, input, width)),
        ];
        _merging = new RedundancyMerging(weights, width);
        _up = new Linear(weights / "up", width, Stream.Widths[^1]);
        _lastGate = weights.Parameter("last_gate", Initializers.Zeros, 1);
        _linear = new Linear(weights / "linear", backbone.LateWidth, output, initializer: Initializers.XavierUniform(backbone.LateWidth, output));
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Weights> PassedWeights { get; }

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        Tensor last = hidden.Tokens(^1);
        Tensor[] narrow = [.. Taps(hidden).Select((tap, k) => _projections[k].forward(tap))];
        Tensor merged = _merging.Forward(narrow[..^1], narrow[^1]);
        merged.relu_();
        Tensor given = _up.forward(merged).Add(last * (_lastGate / Scalars.Of(Temperature)).tanh());
        Tensor late = _backbone.Late(Laid(given, hidden.Layers[^1]), hidden.Mask);
        return new TunedFeatures(_linear.forward(HiddenTokens.Of(late)), hidden.Mask);
    }

    /// <summary>Tokens of every hidden state; of maps, the maxima and means of as many cells as the last one has.</summary>
    private static IEnumerable<Tensor> Taps(HiddenStates hidden)
    {
        long height = hidden.Layers[^1].size(2);
        return hidden.Layers.Select(layer => HiddenTokens.Of(layer.ndim == 4 ? Pooled(layer, layer.size(2) / height) : layer));
    }

    private static Tensor Pooled(Tensor map, long size) => nn.functional.max_pool2d(map, size, size).Add(nn.functional.avg_pool2d(map, (size, size)));

    /// <summary>Tokens as the hidden state they stand for was laid out.</summary>
    private static Tensor Laid(Tensor tokens, Tensor like) => like.ndim == 4
        ? tokens.view(like.size(0), like.size(2), like.size(3), -1).permute(0, 3, 1, 2)
        : tokens;
}
