using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>Two linear maps with a ReLU between and a normalisation after them, <c>[B, N, m] → [B, N, m]</c>.</summary>
internal sealed class MergedProjection : Module
{
    private readonly TokenLinear _widen;
    private readonly TokenLinear _narrow;
    private readonly Module _norm;

    /// <summary>Takes the linear maps at <c>0</c> and <c>2</c> and the normalisation at <c>3</c>.</summary>
    private MergedProjection(Weights weights, HiddenLayout layout, long width, long hidden, NetworkForm form) : base(weights)
    {
        _widen = new TokenLinear(weights / 0, layout, width, hidden);
        _narrow = new TokenLinear(weights / 2, layout, hidden, width);
        _norm = TokenNorm.Of(weights / 3, layout, width, form);
    }

    /// <summary>The projection of a form; null for none.</summary>
    public static Module? Of(NetworkForm form, Weights weights, HiddenLayout layout, long width, long hidden) => form.MergedMap switch
    {
        MergedMap.None => null,
        MergedMap.LinearNorm => new LayerProjection(weights, layout, width, width, LayerMap.LinearNorm, form),
        _ => new MergedProjection(weights, layout, width, hidden, form),
    };

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(_narrow.forward(_widen.forward(input).relu()));
}
