using System.Text.RegularExpressions;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>A file of expressions, told by its name: <c>finetune_refcoco+_testA.json</c>.</summary>
/// <param name="Path">Below the data set's root.</param>
/// <param name="Set">Whose expressions.</param>
/// <param name="Split">0 train, 1 val, 2 test.</param>
/// <param name="Part"><c>testA</c> or <c>testB</c>; empty elsewhere.</param>
internal sealed partial record AnnotationFile(string Path, ReferringDataSet Set, int Split, string Part)
{
    /// <summary>All of them, whatever folders they lie in, by data set and split.</summary>
    internal static IReadOnlyList<AnnotationFile> Find(DataSetFiles files) =>
    [
        .. files.Sizes.Keys.Select(Of).OfType<AnnotationFile>()
            .OrderBy(file => file.Set).ThenBy(file => file.Split).ThenBy(file => file.Part, StringComparer.Ordinal).ThenBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>What such a file is called.</summary>
    internal static string NameOf(ReferringDataSet set, string split) => $"finetune_{set.FileName()}_{split}.json";

    private static AnnotationFile? Of(string path)
    {
        Match name = Name().Match(System.IO.Path.GetFileName(path));
        if (!name.Success)
        {
            return null;
        }

        ReferringDataSet set = Enum.GetValues<ReferringDataSet>().First(set => set.FileName() == name.Groups["set"].Value);
        string split = name.Groups["split"].Value;
        bool known = split is "train" or "val" || set.HasTwoTests() == split is "testA" or "testB";
        return known ? new AnnotationFile(path, set, split switch { "train" => 0, "val" => 1, _ => 2 }, split is "testA" or "testB" ? split : "") : null;
    }

    [GeneratedRegex(@"^finetune_(?<set>refcoco\+|refcocog|refcoco)_(?<split>train|val|testA|testB|test)\.json$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
