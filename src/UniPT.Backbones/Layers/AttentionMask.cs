using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>What is added to attention scores before the softmax.</summary>
public static class AttentionMask
{
    // Large enough to leave nothing of a hidden key, and finite: a text without any token then gives no NaN.
    private const double Hidden = -1e9;

    /// <summary>Hides the keys of tokens that do not count, <c>[B·heads, 1, N]</c>; null where all count.</summary>
    /// <param name="mask">1 for tokens that count, 0 for others, <c>[B, N]</c> float32; null where all count.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="type">That of the scores.</param>
    public static Tensor? Keys(Tensor? mask, int heads, ScalarType type = ScalarType.Float32)
    {
        if (mask is null)
        {
            return null;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor padding = (mask - Scalars.Of(1)) * Scalars.Of(-Hidden);
        return scope.MoveToOuter(padding.to(type).repeat_interleave(heads, 0).unsqueeze(1));
    }

    /// <summary>That of some examples: one for all of them stays, of one for each example and head those of the examples.</summary>
    internal static Tensor? Rows(Tensor? mask, long batch, long start, long count) =>
        mask is null || mask.size(0) == 1 ? mask : mask.narrow(0, start * (mask.size(0) / batch), count * (mask.size(0) / batch));

    /// <summary>Hides from every query the keys after it, <c>[1, width, width]</c>.</summary>
    /// <param name="width">Tokens of a row.</param>
    /// <param name="device">The CPU if null.</param>
    /// <param name="type">That of the scores.</param>
    public static Tensor Causal(long width, Device? device = null, ScalarType type = ScalarType.Float32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor positions = torch.arange(Scalars.Of(0), Scalars.Of(width), Scalars.Of(1), device: device);
        Tensor later = positions.unsqueeze(1).lt(positions.unsqueeze(0)).to(ScalarType.Float32);
        return scope.MoveToOuter((later * Scalars.Of(Hidden)).to(type).unsqueeze(0));
    }

    /// <summary>Hides from every query the keys after it, and those of tokens that do not count: <c>[1, N, N]</c>, or <c>[B·heads, N, N]</c> with a mask.</summary>
    /// <param name="width">N.</param>
    /// <param name="mask">As for <see cref="Keys"/>.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="device">The CPU if null.</param>
    public static Tensor CausalKeys(long width, Tensor? mask, int heads, Device? device = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor later = Causal(width, device);
        return scope.MoveToOuter(Keys(mask, heads) is { } keys ? later.Add(keys) : later);
    }
}
