using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>The mean of the tokens that count.</summary>
public static class TokenMean
{
    /// <summary><c>[B, N, D] → [B, D]</c>, in float32 whatever the tokens' type.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="mask">1 for tokens that count, 0 for others, <c>[B, N]</c> float32; null where all count. An example without any becomes 0.</param>
    public static Tensor Of(Tensor tokens, Tensor? mask)
    {
        if (mask is null)
        {
            return tokens.mean([1], type: ScalarType.Float32);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor counts = mask.sum(1, true).clamp_min(Scalars.Of(1));
        if (tokens.dtype == mask.dtype)
        {
            return scope.MoveToOuter((mask / counts).unsqueeze(1).bmm(tokens).squeeze(1));
        }

        // Shares would be rounded to the tokens' type, a mask is not.
        Tensor sums = mask.to(tokens.dtype).unsqueeze(1).bmm(tokens).squeeze(1);
        return scope.MoveToOuter(sums.to(mask.dtype) / counts);
    }
}
