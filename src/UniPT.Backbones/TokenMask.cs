using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Masks of tokens, <c>[B, N]</c> float32: 1 for those that count, 0 for padding and holes.</summary>
public static class TokenMask
{
    /// <summary>1 where the position is below the row's length, else 0: <c>[lengths.Count, width]</c>.</summary>
    public static Tensor From(IReadOnlyList<int> lengths, long width, Device? device = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor limits = TensorData.From(lengths.Select(length => (long)length).ToArray(), lengths.Count, 1);
        return scope.MoveToOuter(torch.arange(Scalars.Of(0), Scalars.Of(width), Scalars.Of(1), dtype: ScalarType.Int64).lt(limits).to(ScalarType.Float32).to(device ?? CPU));
    }

    /// <summary>
    /// How many tokens of each row count, where these stand first in all rows; null where a row has holes. The mask is read once, which waits for
    /// a GPU: ask for it once in a forward.
    /// </summary>
    public static int[]? Lengths(Tensor mask)
    {
        float[] values = mask.to(ScalarType.Float32).ToArray<float>();
        (int rows, int width) = ((int)mask.size(0), (int)mask.size(1));
        var lengths = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> tokens = values.AsSpan(row * width, width);
            int length = tokens.IndexOf(0f);
            lengths[row] = length < 0 ? width : length;
            if (tokens[lengths[row]..].ContainsAnyExcept(0f))
            {
                return null;
            }
        }

        return lengths;
    }

    /// <summary>How many tokens of each row count, wherever they stand: <c>[B, 1]</c>, at least 1.</summary>
    internal static Tensor Counts(Tensor mask) => mask.sum(1, true).clamp_min(Scalars.Of(1));
}
