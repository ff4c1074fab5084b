using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Masks of valid tokens.</summary>
public static class TokenMask
{
    /// <summary>1 where the position is below the row's length, else 0: <c>[lengths.Count, width]</c> float.</summary>
    public static Tensor From(IReadOnlyList<int> lengths, long width, Device? device = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor limits = TensorData.From(lengths.Select(length => (long)length).ToArray(), lengths.Count, 1);
        return scope.MoveToOuter(torch.arange(Scalars.Of(0), Scalars.Of(width), Scalars.Of(1), dtype: ScalarType.Int64).lt(limits).to(ScalarType.Float32).to(device ?? CPU));
    }
}
