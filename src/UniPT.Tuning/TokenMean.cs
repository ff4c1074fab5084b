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
            return tokens.Mean(1);
        }

        using TensorScope scope = TensorScope.Begin();
        Tensor shares = mask / mask.Sum(1, true).ClampMin(1);
        return scope.HandOut(shares.Unsqueeze(1).Bmm(tokens).Squeeze(1));
    }
}
