using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Head;

/// <summary>The baseline: the backbone stays frozen, a linear projection of its hidden states trains.</summary>
public sealed class HeadMethod(HeadOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "head";

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output) =>
        new ProjectedBackbone(stream, weights, output ?? stream.Widths[^1], options.Joined, changesHiddenStates: false, options.Direct);
}
