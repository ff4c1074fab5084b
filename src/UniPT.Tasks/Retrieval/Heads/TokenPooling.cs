namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>Makes one vector of an example's tokens.</summary>
public abstract class TokenPooling
{
    /// <summary>Pools the valid tokens; an example without any becomes 0.</summary>
    /// <param name="tokens"><c>[B, N, D]</c>.</param>
    /// <param name="lengths">Valid tokens of each example, which stand first; null where all are.</param>
    /// <returns><c>[B, D]</c>.</returns>
    public Tensor Forward(Tensor tokens, IReadOnlyList<int>? lengths = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Compute(tokens, lengths));
    }

    /// <summary>The computation; everything made in it but the result is freed.</summary>
    protected abstract Tensor Compute(Tensor tokens, IReadOnlyList<int>? lengths);
}
