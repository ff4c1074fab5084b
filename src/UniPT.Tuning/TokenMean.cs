using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>The mean of valid tokens.</summary>
internal static class TokenMean
{
    /// <summary><c>[B, L, N, D] → [B, L, D]</c>.</summary>
    /// <param name="tokens">L layers of tokens.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public static Tensor Of(Tensor tokens, Tensor? mask)
    {
        if (mask is null)
        {
            return tokens.Mean(2);
        }

        Tensor shares = mask / mask.Sum(1, true).ClampMin(1);
        return shares.View(mask.Size(0), 1, 1, -1).MatMul(tokens).Squeeze(2);
    }
}
