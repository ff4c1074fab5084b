using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Torch;

namespace UniPT.Tasks.Texts.Data;

/// <summary>Where the splits of a task of GLUE come from.</summary>
public enum GlueSplits
{
    /// <summary>
    /// The files: <c>train.tsv</c>, <c>dev.tsv</c> as val, and <c>test.tsv</c> where it is there, whose answers only GLUE's server has. Of MNLI the mismatched dev set is val and
    /// the matched one test.
    /// </summary>
    Files,

    /// <summary>
    /// As the published experiments with T5 cut them, so that test has answers: of CoLA, MRPC, STS-B and RTE one half of dev is val and the other test; of SST-2, QQP and QNLI
    /// 1,000 rows of train are val and dev is test; MNLI as in the files.
    /// </summary>
    Published,
}

/// <summary>
/// The published splits: a permutation by PyTorch's CPU generator of the seed 42, of which the first half, or the first 1,000, are val (as the public code of LST and SHERL
/// draws it, whatever the seed of a run).
/// </summary>
internal static class PublishedGlueSplits
{
    private const ulong Seed = 42;
    private const int HeldOfTrain = 1000;

    /// <summary>The examples of train and dev with their splits.</summary>
    /// <param name="task">The task.</param>
    /// <param name="texts">Those of train, then those of dev, in the order of the files.</param>
    /// <param name="paths">The files of train and dev.</param>
    /// <param name="problems">Gets a problem where there are too few.</param>
    /// <returns>All of them, and where val and test come from.</returns>
    public static (IReadOnlyList<FoundText> Texts, string Val, string Test) Of(GlueTask task, IReadOnlyList<FoundText> texts, IReadOnlyList<string?> paths, DataSetProblems problems)
    {
        bool halves = task is GlueTask.Cola or GlueTask.Mrpc or GlueTask.Stsb or GlueTask.Rte;
        int cut = halves ? 1 : 0;
        int[] places = [.. Enumerable.Range(0, texts.Count).Where(i => texts[i].Split == cut)];
        if (places.Length <= (halves ? 1 : HeldOfTrain))
        {
            if (paths[cut] is { } path)
            {
                problems.Add(path, string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {places.Length:N0} rows; the published splits hold {(halves ? "one half" : $"{HeldOfTrain:N0}")} of them out for val: expected more, or data.splits: files"));
            }

            return (texts, "nowhere", "nowhere");
        }

        int held = halves ? places.Length / 2 : HeldOfTrain;
        HashSet<int> val = [.. Permutation(places.Length)[..held].Select(place => places[place])];
        return (
            [.. texts.Select((text, i) => text with { Split = val.Contains(i) ? 1 : text.Split == 1 ? 2 : 0 })],
            halves ? $"one half of {paths[1]}" : string.Create(CultureInfo.InvariantCulture, $"{HeldOfTrain:N0} rows of {paths[0]}"),
            halves ? "the other half" : paths[1] ?? "nowhere");
    }

    /// <summary>PyTorch's <c>randperm</c> of a CPU generator of the published seed.</summary>
    internal static int[] Permutation(int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        return [.. torch.randperm(count, dtype: ScalarType.Int64, device: CPU, generator: generator).ToArray<long>().Select(place => (int)place)];
    }
}
