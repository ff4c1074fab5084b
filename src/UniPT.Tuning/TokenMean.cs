using UniPT.Torch;
namespace UniPT.Tuning;

/// <summary>The mean of valid tokens.</summary>
internal static class TokenMean
{
    /// <summary><c>[B, N, D] → [B, D]</c>.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public static Tensor Of(Tensor tokens, Tensor? mask)
    {
        if (mask is null)
        {
            return tokens.mean([1]);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor shares = mask / mask.sum(1, true).clamp_min(Scalars.Of(1));
        return scope.MoveToOuter(shares.unsqueeze(1).bmm(tokens).squeeze(1));
    }
}
