using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

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
        NetworkForm form = options.Network;
        if (form.Anchor == AnchorSource.Pooled)
        {
            EnsurePooled(form, backbone, output);
        }
        else if (backbone.Widths.Count < 2)
        {
            throw new UserException($"unipt merges layers into the last one, so it needs at least 2 hidden states; {backbone.Name} was given with {backbone.Widths.Count}.");
        }

        return new UniPTBackbone(backbone, weights, output, options);
    }

    private static void EnsurePooled(NetworkForm form, Backbone backbone, int output)
    {
        if (backbone.PooledWidth is not { } width)
        {
            throw new UserException($"This form of unipt adds to the backbone's own pooled output, and {backbone.Name} gives none; choose another form or the option anchor: last_layer.");
        }

        if (width != output)
        {
            throw new UserException($"This form of unipt adds to the pooled output of {backbone.Name}, so the adapted features need its width {width}, not {output}.");
        }

        if (form.Causal || form.Residual == MergeResidual.Identity)
        {
            throw new UserException("With the option anchor: pooled there is one query, for which neither causal: true nor residual: identity is defined.");
        }
    }
}
