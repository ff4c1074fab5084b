using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>What is added to attention scores before the softmax.</summary>
public static class AttentionMask
{
    // Large enough to leave nothing of a hidden key, and finite: a text without any token then gives no NaN.
    private const double Hidden = -1e9;

    /// <summary>Hides the keys at and past each row's length, <c>[B·heads, 1, width]</c>; null where all are valid.</summary>
    /// <param name="lengths">Valid tokens of each row; null where all are.</param>
    /// <param name="width">Tokens of a row.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="device">The CPU if null.</param>
    /// <param name="type">That of the scores.</param>
    public static Tensor? Keys(IReadOnlyList<int>? lengths, long width, int heads, Device? device = null, ScalarType type = ScalarType.Float32)
    {
        if (lengths is null)
        {
            return null;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor padding = (TokenMask.From(lengths, width, device) - Scalars.Of(1)) * Scalars.Of(-Hidden);
        return scope.MoveToOuter(padding.to(type).repeat_interleave(heads, 0).unsqueeze(1));
    }

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
}
