using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Universal Parallel Tuning (Diao et al., CVPR 2024, arXiv 2308.14316) in any of its published forms, beside a backbone of
/// tokens or of maps.
/// </summary>
public sealed class UniPTMethod(UniPTOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "unipt";

    /// <inheritdoc/>
    public override TunedBackbone Attach(Backbone backbone, Weights weights, int output)
    {
        if (UniPTCheck.Problem(options, backbone, output) is { } problem)
        {
            throw new UserException(problem);
        }

        return new UniPTBackbone(Read(backbone), weights, output, options);
    }

    /// <summary>The hidden states that the network reads.</summary>
    private Backbone Read(Backbone backbone)
    {
        UniPTOptions form = options.Resolved;
        int last = backbone.Widths.Count - 1;
        return form.Aggregation == Aggregation.Last
            ? new SelectedLayers(backbone, form.Anchor == AnchorSource.LastLayer ? [last - 1, last] : [last])
            : backbone;
    }
}
