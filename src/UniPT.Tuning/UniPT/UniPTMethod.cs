using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Universal Parallel Tuning (Diao et al., CVPR 2024, arXiv 2308.14316) in the published VSE∞ form: the Transformer
/// network beside a backbone of tokens, the CNN network beside one of maps.
/// </summary>
public sealed class UniPTMethod(UniPTOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "unipt";

    /// <inheritdoc/>
    public override TunedBackbone Attach(Backbone backbone, Weights weights, int output) => backbone.Widths.Count > 1
        ? new UniPTBackbone(backbone, weights, output, options)
        : throw new UserException($"unipt merges layers into the last one, so it needs at least 2 hidden states; {backbone.Name} was given with {backbone.Widths.Count}.");
}
