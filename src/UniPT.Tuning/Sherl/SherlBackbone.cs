using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>
/// A backbone whose early hidden states are merged into what its late, frozen blocks are given. Beside a decoder all of its encoder's hidden states are
/// merged too, into the memory that the late blocks look at. Where a stack ends with a norm, another one that trains stands in its place.
/// </summary>
internal sealed class SherlBackbone : TunedBackbone
{
    private readonly CutBackbone _backbone;
    private readonly (SherlBlock Block, FinalNorm? End)? _encoder;
    private readonly (SherlBlock Block, FinalNorm? End) _early;
    private readonly Linear? _linear;

    /// <summary>
    /// Takes a <see cref="SherlBlock"/> and, where the stream ends with a norm, <c>norm</c>, of an encoder and its decoder at <c>encoder</c> and at <c>decoder</c>; and
    /// <c>linear</c>, where it projects.
    /// </summary>
    /// <param name="whole">The stream.</param>
    /// <param name="backbone">Its early blocks, which are only read.</param>
    /// <param name="weights">Where they stand.</param>
    /// <param name="output">Width of the adapted features; null for what the late blocks give, as it is.</param>
    /// <param name="options">What was chosen.</param>
    public SherlBackbone(BackboneStream whole, CutBackbone backbone, Weights weights, int? output, SherlOptions options) : base(backbone.Stream, weights)
    {
        (_backbone, Output, PassedWeights) = (backbone, output ?? backbone.LateWidth, [.. whole.Blocks.TakeLast(options.Late).Select(block => block.Weights)]);
        _encoder = whole.Memory is { } memory ? Part(memory, weights / memory.Name, memory.Widths) : null;
        _early = Part(whole, _encoder is null ? weights : weights / whole.Name, Stream.Widths);
        _linear = output is null
            ? null
            : new Linear(weights / "linear", backbone.LateWidth, Output, initializer: Initializers.XavierUniform(backbone.LateWidth, Output));

        (SherlBlock, FinalNorm?) Part(BackboneStream stream, Weights place, IReadOnlyList<int> widths) =>
            (new SherlBlock(place, widths, options), stream.End?.Resized(place / "norm", stream.Widths[^1]));
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Weights> PassedWeights { get; }

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        HiddenStates? memory = _encoder is { } encoder ? Memory(hidden, encoder.Block, encoder.End) : null;
        Tensor late = _backbone.Late(_early.Block.Forward(hidden.Layers), hidden.Mask, memory);
        Tensor features = HiddenTokens.Of(_early.End?.forward(late) ?? late);
        return new TunedFeatures(_linear?.forward(features) ?? features, hidden.Mask);
    }

    /// <summary>What the late blocks look at.</summary>
    private HiddenStates Memory(HiddenStates hidden, SherlBlock block, FinalNorm? end)
    {
        HiddenStates states = hidden.Memory
            ?? throw new UserException($"Beside {Stream} sherl reads the hidden states of the encoder too, and there are none.");
        Tensor merged = block.Forward(states.Layers);
        return new HiddenStates([end?.forward(merged) ?? merged], states.Mask);
    }
}
