using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Masks of valid tokens.</summary>
public static class TokenMask
{
    /// <summary>1 where the position is below the row's length, else 0: <c>[lengths.Count, width]</c> float.</summary>
    public static Tensor From(IReadOnlyList<int> lengths, long width, string device = "cpu")
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor limits = Tensor.From(lengths.Select(length => (long)length).ToArray(), lengths.Count, 1);
        return scope.HandOut(Tensor.Arange(0, width).Lt(limits).To(ScalarType.Float32).To(device));
    }
}
