using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Shared.Classification;

/// <summary>The labels of a data set in the order of their indices.</summary>
internal static class LabelList
{
    private const int MaxShown = 20;

    /// <summary>Those that the options give, else those that are found: numbers by their size, others by their letters.</summary>
    /// <param name="found">Labels of the examples to learn from, each as often as it occurs.</param>
    /// <param name="given">The option <c>data.labels</c>.</param>
    /// <param name="problems">Gets what is wrong with them.</param>
    internal static IReadOnlyList<string> Of(IEnumerable<string> found, IEnumerable<string> given, DataSetProblems problems)
    {
        string[] labels = [.. given];
        if (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
        {
            problems.Add("data.labels", $"names {twice} twice");
            labels = [.. labels.Distinct()];
        }

        if (labels.Length == 0)
        {
            string[] distinct = [.. found.Distinct()];
            bool areNumbers = distinct.All(label => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
            labels = areNumbers
                ? [.. distinct.OrderBy(label => long.Parse(label, CultureInfo.InvariantCulture)).ThenBy(label => label, StringComparer.Ordinal)]
                : [.. distinct.Order(StringComparer.Ordinal)];
        }

        if (labels.Length == 1)
        {
            problems.Add("train", $"all of its examples have the label {labels[0]}; there is nothing to tell apart");
        }

        return labels;
    }

    /// <summary>Why a label is none of the list, after its name.</summary>
    /// <param name="labels">The list.</param>
    /// <param name="areGiven">Whether it was given and not found.</param>
    internal static string Unknown(IReadOnlyCollection<string> labels, bool areGiven) =>
        $"{(areGiven ? "; expected one of" : ", which train does not have; it has")} {string.Join(", ", labels.Take(MaxShown))}{(labels.Count > MaxShown ? ", …" : "")}";

    /// <summary>A sentence where some labels have no example to learn from; null where all have.</summary>
    internal static string? UnseenNotice(string set, IReadOnlyList<string> labels, IEnumerable<int> ofTrain)
    {
        var seen = ofTrain.ToHashSet();
        string[] unseen = [.. labels.Where((_, index) => !seen.Contains(index))];
        return unseen.Length == 0
            ? null
            : $"No example of train in {set} has the label{(unseen.Length == 1 ? "" : "s")} {string.Join(", ", unseen.Take(MaxShown))}{(unseen.Length > MaxShown ? ", …" : "")}; it cannot be learned.";
    }

    /// <summary>A sentence where an earlier split has examples of a later one as well; null where none has.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="what">What examples consist of, such as <c>texts</c>.</param>
    /// <param name="splits">What tells each example, by split.</param>
    internal static string? RepeatedNotice<T>(string set, string what, IEnumerable<IEnumerable<T>> splits) where T : notnull
    {
        var first = new Dictionary<T, int>();
        int repeated = splits.Select((split, i) => split.Count(key => !first.TryAdd(key, i) && first[key] != i)).Sum();
        return repeated == 0
            ? null
            : $"{repeated} example{(repeated == 1 ? "" : "s")} of {set} {(repeated == 1 ? "is" : "are")} in another split too; figures of {what} that were trained on are too high.";
    }

    /// <summary>Where each label stands in a model's list.</summary>
    /// <exception cref="UserException">A label is not in that list.</exception>
    internal static int[] Places(IReadOnlyList<string> labels, IReadOnlyList<string> model)
    {
        int[] places = [.. labels.Select(label => model.ToList().IndexOf(label))];
        return Array.IndexOf(places, -1) is >= 0 and var unknown
            ? throw new UserException($"The data have the label {labels[unknown]}, which the model was not trained for; it knows {TableFile.Shown(model)}.")
            : places;
    }
}
