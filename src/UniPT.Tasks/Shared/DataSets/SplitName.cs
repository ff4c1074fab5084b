using System.Text.RegularExpressions;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>What the name of a folder or file says of the split in it: <c>train</c>, <c>val2017</c>, <c>test-set</c>, <c>coco_dev</c>.</summary>
/// <param name="Split">0 train, 1 val, 2 test; null if the name has the words of two.</param>
/// <param name="Rest">The other words of the name.</param>
internal sealed partial record SplitName(int? Split, string Rest)
{
    /// <summary>What the splits are called.</summary>
    public static readonly string[] Splits = ["train", "val", "test"];

    private static readonly string[] Content =
        ["", "set", "sets", "split", "data", "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "sample", "samples"];

    /// <summary>Whether the name needs no sibling of another split to be believed: nothing else stands in it, or what it holds.</summary>
    public bool IsPlain => Content.Contains(Rest);

    /// <summary>Says of a split without examples that it has none.</summary>
    /// <param name="path">Where the data are.</param>
    /// <param name="split">What it is called.</param>
    /// <param name="example">What one of its examples is called.</param>
    /// <param name="splits">All splits.</param>
    public static string WhyEmpty(string path, string split, string example, IEnumerable<SplitFacts> splits) => split == Splits[1] && splits.Any(other => other.Name == Splits[0] && other.Examples == 1)
        ? $"{path} has a single {example} for train and none for val, by which the best epoch is chosen; at least 2 {example}s are needed."
        : $"{path} has no {example}s in its split {split}; it has {string.Join(" and ", splits.Where(other => other.Examples > 0).Select(other => other.Name))}.";

    /// <summary>Null if the name has no word of a split.</summary>
    public static SplitName? Parse(string name)
    {
        MatchCollection words = Word().Matches(name);
        if (words.Count == 0)
        {
            return null;
        }

        int[] splits = [.. words.Select(SplitOf).Distinct()];
        string others = Word().Replace(name, " ${what} ");
        return new SplitName(
            splits.Length == 1 ? splits[0] : null,
            string.Join(' ', NoLetters().Split(others).Where(word => word.Length > 0)).ToLowerInvariant());
    }

    private static int SplitOf(Match word) => char.ToLowerInvariant(word.Groups["split"].Value[0]) switch
    {
        't' => word.Groups["split"].Value.StartsWith("tr", StringComparison.OrdinalIgnoreCase) ? 0 : 2,
        _ => 1,
    };

    [GeneratedRegex(
        @"(?<!\p{L})(?<split>train(ing)?|val(id(ation)?)?|dev|eval(uation)?|test(ing)?)(?<what>sets?|split|data|images?|imgs?|pictures?|photos?)?(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex(@"[^\p{L}]+")]
    private static partial Regex NoLetters();
}
