using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>The tokens of several targets side by side, so that one product takes them all.</summary>
internal sealed class StackedTokens
{
    private readonly int _targets;

    /// <summary>Of targets <c>[B, N, m]</c>.</summary>
    public StackedTokens(IReadOnlyList<Tensor> targets) : this(targets.Count == 1 ? targets[0] : torch.cat([.. targets], 1), targets.Count)
    {
    }

    /// <summary>Of as many targets as given, which stand side by side already.</summary>
    public StackedTokens(Tensor beside, int targets) => (Beside, _targets) = (beside, targets);

    /// <summary><c>[B, L·N, m]</c>.</summary>
    public Tensor Beside { get; }

    /// <summary>Products with them, <c>[B, Q, L·N]</c>, as <c>[B, Q, L, N]</c>.</summary>
    public Tensor ByTarget(Tensor products) => products.view(products.size(0), products.size(1), _targets, -1);

    /// <summary>Each target's part of what is as <see cref="Beside"/>.</summary>
    public Tensor[] Split(Tensor beside)
    {
        long tokens = beside.size(1) / _targets;
        return [.. Enumerable.Range(0, _targets).Select(i => beside.narrow(1, i * tokens, tokens))];
    }

    /// <summary>In place: adds to what tokens count, by target, what of each target is added to what is gathered.</summary>
    /// <param name="weights"><c>[B, Q, L, N]</c>.</param>
    /// <param name="residual">What is added.</param>
    /// <param name="masks">Which token it is, where it is one.</param>
    /// <param name="amount">How much of it, <c>[B, 1 or Q, L]</c>.</param>
    public static void AddResidual(Tensor weights, MergeResidual residual, TokenMasks masks, Tensor amount)
    {
        switch (residual)
        {
            case MergeResidual.Identity:
                Own(weights).Add_(amount);
                break;
            case MergeResidual.None:
                break;
            default:
                weights.addcmul_(masks.Summary!.unsqueeze(2), amount.unsqueeze(-1), Scalars.Of(1));
                break;
        }
    }

    /// <summary>What each of the anchor's tokens has to do with the token in its own place, of products by target: <c>[B, Q, L]</c>, a view.</summary>
    public static Tensor Own(Tensor byTarget) => byTarget.diagonal(0, 1, 3).transpose(1, 2);
}
