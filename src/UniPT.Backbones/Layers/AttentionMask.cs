using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>What is added to attention scores before the softmax.</summary>
public static class AttentionMask
{
    // Large enough to leave nothing of a hidden key, and finite: a text without any token then gives no NaN.
    private const double Hidden = -1e9;

    /// <summary>Hides the keys at and past each row's length, <c>[B·heads, 1, width]</c>; null where all are valid.</summary>
    public static Tensor? Keys(IReadOnlyList<int>? lengths, long width, int heads, string device = "cpu")
    {
        if (lengths is null)
        {
            return null;
        }

        using TensorScope scope = TensorScope.Begin();
        Tensor padding = (TokenMask.From(lengths, width, device) - 1) * -Hidden;
        return scope.HandOut(padding.RepeatInterleave(heads, 0).Unsqueeze(1));
    }

    /// <summary>Hides from every query the keys after it, <c>[1, width, width]</c>.</summary>
    public static Tensor Causal(long width, string device = "cpu")
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor positions = Tensor.Arange(0, width, device: device);
        Tensor later = positions.Unsqueeze(1).Lt(positions.Unsqueeze(0)).To(ScalarType.Float32);
        return scope.HandOut((later * Hidden).Unsqueeze(0));
    }
}
