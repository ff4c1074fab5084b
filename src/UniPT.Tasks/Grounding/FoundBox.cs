using UniPT.Tasks.Grounding.Metrics;
using UniPT.Torch;

namespace UniPT.Tasks.Grounding;

/// <summary>A box that was found for an expression.</summary>
/// <param name="Box">In pixels of the picture as it was given.</param>
/// <param name="Score">How sure the model is that it means something, 0 … 1.</param>
public readonly record struct FoundBox(PixelBox Box, double Score)
{
    /// <summary>What queries found in one picture, the surest first.</summary>
    /// <param name="rows">As <see cref="Heads.GroundingPredictions.Rows"/>, <c>[Q, 5]</c>, on the CPU.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="count">How many at most.</param>
    internal static IReadOnlyList<FoundBox> Ranked(Tensor rows, int width, int height, int count)
    {
        const int Numbers = 5;
        float[] values = rows.to(ScalarType.Float32).ToArray<float>();
        FoundBox[] found =
        [
            .. values.Chunk(Numbers).Select(row => new FoundBox(new PixelBox(row[1], row[2], row[3], row[4]).Scaled(width, height), row[0])),
        ];
        int[] order = BoxRanking.Order(
            [.. found.Select(box => (float)box.Score)], [.. found.SelectMany(box => (float[])[(float)box.Box.Left, (float)box.Box.Top, (float)box.Box.Right, (float)box.Box.Bottom])]);
        return [.. order.Take(count).Select(query => found[query])];
    }
}
