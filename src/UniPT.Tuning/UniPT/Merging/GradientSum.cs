using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>Gradients that come in parts.</summary>
internal static class GradientSum
{
    /// <summary>Adds those of one part to those of the parts before.</summary>
    /// <param name="sums">What came before; null where nothing did.</param>
    /// <param name="gradients">What is added; null for nothing.</param>
    /// <param name="scope">The part's, which what stays leaves.</param>
    public static void Add(Tensor?[] sums, ReadOnlySpan<Tensor?> gradients, DisposeScope scope)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            if (gradients[i] is not { } gradient)
            {
                continue;
            }

            if (sums[i] is { } sum)
            {
                sum.Add_(gradient);
            }
            else
            {
                sums[i] = scope.MoveToOuter(gradient);
            }
        }
    }
}
