namespace UniPT.Tasks.Grounding.Spans;

/// <summary>
/// From the characters that a box is called by to the tokens. Where the first character of a span belongs to no token, the two behind it are tried, for the last one
/// the two before it; a span for which that does not help is left out (MDETR, Kamath et al., ICCV 2021).
/// </summary>
public static class TokenSpans
{
    private const double Epsilon = 1e-6;

    /// <summary>What a query of the box should mean: a row over the slots of tokens, of which the last one stands for nothing and stays 0.</summary>
    /// <param name="text">The tokens of the text.</param>
    /// <param name="spans">First character, and the one behind the last.</param>
    /// <param name="slots">How many numbers the row has; tokens without a slot are left out.</param>
    /// <param name="normalized">
    /// Whether the row sums up to 1, as the paper says. Published code makes such rows, but loses the shares when it makes batches of them, so that every token of the box has a 1; that is
    /// the default.
    /// </param>
    public static float[] Positive(TokenMap text, IEnumerable<(int Start, int End)> spans, int slots, bool normalized = false)
    {
        var row = new float[slots];
        Mark(spans, text, text, row.AsSpan(..^1));
        double sum = row.Sum() + Epsilon;
        return normalized ? [.. row.Select(value => (float)(value / sum))] : row;
    }

    /// <summary>Which tokens the box's query is to be near, 1 for these.</summary>
    /// <param name="texts">The tokens of all texts of the batch.</param>
    /// <param name="text">Which of them the box belongs to.</param>
    /// <param name="spans">First character, and the one behind the last.</param>
    /// <param name="tokens">How many numbers the row has: the batch's tokens, padding included.</param>
    /// <param name="triesFirstText">
    /// Whether the other characters that are tried are looked up in the batch's first text instead of the box's own: an oversight of the published code, and the default.
    /// </param>
    public static float[] Aligned(IReadOnlyList<TokenMap> texts, int text, IEnumerable<(int Start, int End)> spans, int tokens, bool triesFirstText = true)
    {
        var row = new float[tokens];
        Mark(spans, texts[text], texts[triesFirstText ? 0 : text], row);
        return row;
    }

    private static void Mark(IEnumerable<(int Start, int End)> spans, TokenMap own, TokenMap tried, Span<float> row)
    {
        foreach ((int start, int end) in spans)
        {
            int? first = own.At(start) ?? tried.At(start + 1) ?? tried.At(start + 2);
            int? last = own.At(end - 1) ?? tried.At(end - 2) ?? tried.At(end - 3);
            for (int token = first ?? row.Length; token <= (last ?? -1) && token < row.Length; token++)
            {
                row[token] = 1;
            }
        }
    }
}
