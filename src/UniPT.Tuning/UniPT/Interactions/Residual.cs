using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// R of the interaction: which token of a target is added to what each of the anchor's tokens gathers from it. R is a matrix
/// <c>[Q, N]</c> of zeros and ones that is never built; here is every way in which it is applied.
/// </summary>
/// <param name="Kind">Which token it is.</param>
/// <param name="Masks">Say where it stands, for one token of each example.</param>
internal readonly record struct Residual(MergeResidual Kind, TokenMasks Masks)
{
    /// <summary><c>R·T</c> of a target T <c>[B, N, m]</c>, <c>[B, Q, m]</c>; null where nothing is added.</summary>
    public Tensor? Of(Tensor target) => Kind switch
    {
        MergeResidual.Identity => target,
        MergeResidual.None => null,
        _ => Masks.Summary!.bmm(target),
    };

    /// <summary>In place: <c>W_i + c_i·R</c> of each target i.</summary>
    /// <param name="weights">W, what the tokens of each target count, <c>[B, Q, L, N]</c>.</param>
    /// <param name="shares">c, what each target counts, <c>[B, 1 or Q, L]</c>.</param>
    public void AddTo(Tensor weights, Tensor shares)
    {
        switch (Kind)
        {
            case MergeResidual.Identity:
                SamePlaces(weights).Add_(shares);
                break;
            case MergeResidual.None:
                break;
            default:
                weights.addcmul_(Masks.Summary!.unsqueeze(2), shares.unsqueeze(-1), Scalars.Of(1));
                break;
        }
    }

    /// <summary>The backward of <see cref="AddTo"/>: the gradient of the shares, <c>[B, Q, L]</c>, from that of the weights; null for 0.</summary>
    public Tensor? SharesGradient(Tensor weightsGradient) => Kind switch
    {
        MergeResidual.Identity => SamePlaces(weightsGradient),
        MergeResidual.None => null,
        _ => (weightsGradient * Masks.Summary!.unsqueeze(2)).sum(-1),
    };

    /// <summary>Of a tensor <c>[B, N, L, N]</c> what stands where both places are the same, <c>[B, N, L]</c>; a view.</summary>
    private static Tensor SamePlaces(Tensor weights) => weights.diagonal(0, 1, 3).transpose(1, 2);
}
