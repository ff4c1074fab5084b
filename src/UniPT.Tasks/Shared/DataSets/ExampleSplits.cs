namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Divides examples into train, val and test by what is said of them, and by a hash where nothing is.</summary>
/// <param name="set">What messages call the data set.</param>
/// <param name="rows">What examples are called, such as <c>rows</c>.</param>
/// <param name="keys">What the hash is of, such as <c>texts</c>.</param>
/// <param name="problems">Gets a problem where there is nothing to learn from.</param>
/// <param name="notices">Gets a sentence for everything that a user should know.</param>
internal sealed class ExampleSplits(string set, string rows, string keys, DataSetProblems problems, List<string> notices)
{
    /// <summary>The examples of each split and where it comes from; null after a problem.</summary>
    /// <param name="examples">All of them.</param>
    /// <param name="key">What tells an example from others.</param>
    /// <param name="split">0 train, 1 val, 2 test; null: nothing says.</param>
    /// <param name="origins">Where each split comes from; null where nothing divides the examples.</param>
    /// <param name="seed">Goes into the hash.</param>
    /// <param name="mayLackTest">Whether nothing is said of a missing test split.</param>
    /// <param name="mayLackTrain">Whether there may be nothing to learn from, as in a file of which something is only predicted.</param>
    internal (T[][] Splits, string[] Origins)? Divide<T>(
        IReadOnlyList<T> examples, Func<T, string> key, Func<T, int?> split, IReadOnlyList<string>? origins, long seed, bool mayLackTest = false,
        bool mayLackTrain = false)
    {
        (T[][] splits, string[] from) = origins is null ? ByHash(examples, key, seed) : ByMark(examples, key, split, [.. origins], seed, mayLackTest);
        if (splits[0].Length > 0 || (mayLackTrain && splits.Any(split => split.Length > 0)))
        {
            return (splits, from);
        }

        string others = string.Join(" and ", SplitName.Splits.Where((_, i) => splits[i].Length > 0).Select(name => $"{name} from {from[Array.IndexOf(SplitName.Splits, name)]}"));
        problems.Add("train", $"there is no example to train on{(others.Length > 0 ? $"; the splits found are {others}" : "")}");
        return null;
    }

    private (T[][] Splits, string[] Origins) ByHash<T>(IReadOnlyList<T> examples, Func<T, string> key, long seed)
    {
        T[][] divided = SeededSplit.Of(examples, key, seed);
        if (divided[2].Length > 0)
        {
            notices.Add($"{set} has no splits; {divided[1].Length} {rows} are held out for val and {divided[2].Length} for test, always the same.");
        }

        return (divided, [.. new[] { 80, 10, 10 }.Select(percent => $"{percent} % of the {rows}, by a hash of the {keys}")]);
    }

    private (T[][] Splits, string[] Origins) ByMark<T>(
        IReadOnlyList<T> examples, Func<T, string> key, Func<T, int?> split, string[] origins, long seed, bool mayLackTest)
    {
        ILookup<int?, T> bySplit = examples.ToLookup(split);
        T[][] splits = [.. Enumerable.Range(0, SplitName.Splits.Length).Select(index => bySplit[index].ToArray())];
        if (splits[1].Length == 0 && splits[0].Length > 1)
        {
            (splits[0], splits[1]) = SeededSplit.HoldOut(splits[0], key, seed);
            origins[1] = $"a tenth of {origins[0]}, by a hash of the {keys}";
            notices.Add($"{set} has no examples for val; {splits[1].Length} of train are held out for it, always the same.");
        }

        if (splits[2].Length == 0 && !mayLackTest)
        {
            notices.Add($"{set} has no examples for test; figures are those of val, by which the best epoch is chosen, and so are too high.");
        }

        return (splits, origins);
    }
}
