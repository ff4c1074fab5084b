using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>What should be known of a published data set, whose pictures have ids and, as a rule, five captions.</summary>
internal static class PublishedNotices
{
    private const int Expected = 5;

    /// <summary>A sentence for each split whose pictures have more or fewer captions.</summary>
    internal static IEnumerable<string> Of(string set, IReadOnlyList<FoundPicture> found)
    {
        foreach ((int split, string name) in SplitName.Splits.Index())
        {
            int[] odd = [.. found.Where(picture => picture.Split == split).Select(picture => picture.Captions.Count).Where(count => count != Expected)];
            if (odd.Length > 0)
            {
                string counts = odd.Min() == odd.Max() ? $"{odd[0]}" : $"{odd.Min()} to {odd.Max()}";
                yield return $"{odd.Length} picture{(odd.Length == 1 ? "" : "s")} in {name} of {set} {(odd.Length == 1 ? "has" : "have")} {counts} captions and not five.";
            }
        }
    }
}
