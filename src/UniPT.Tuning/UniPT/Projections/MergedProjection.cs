using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Projections;

/// <summary>Two linear maps with a ReLU between and a normalisation after them, <c>[B, N, m] → [B, N, m]</c>.</summary>
internal sealed class MergedProjection : Module
{
    private readonly TokenLinear _widen;
    private readonly TokenLinear _narrow;
    private readonly Module _norm;

    /// <summary>Takes the linear maps at <c>0</c> and <c>2</c> and the normalisation at <c>3</c>.</summary>
    private MergedProjection(Weights weights, HiddenLayout layout, long width, long hidden, UniPTOptions options) : base(weights)
    {
        _widen = new TokenLinear(weights / 0, layout, width, hidden);
        _narrow = new TokenLinear(weights / 2, layout, hidden, width);
        _norm = TokenNorm.Of(weights / 3, layout, width, options);
    }

    /// <summary>The projection that the options choose; null for none.</summary>
    public static Module? Of(UniPTOptions options, Weights weights, HiddenLayout layout, long width, long hidden) => options.MergedMap switch
    {
        MergedMap.None => null,
        MergedMap.LinearNorm => new LayerProjection(weights, layout, width, width, options with { LayerMap = LayerMap.LinearNorm }),
        _ => new MergedProjection(weights, layout, width, hidden, options),
    };

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(_narrow.forward(_widen.forward(input).relu()));
}
