using System.Globalization;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Texts.Data;

/// <summary>Makes a data set of the examples that were found: divides them into splits and reads their labels or numbers.</summary>
internal sealed class TextSplitter(string path, TextDataOptions options, TextTarget target, DataSetProblems problems, RowProblems rows)
{
    private const int MaxShown = 20;

    private readonly string _set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    private readonly List<string> _notices = [];

    /// <summary>The data set; null after a problem.</summary>
    public TextDataSet? Split(FoundTexts found, long seed)
    {
        if (problems.Any)
        {
            return null;
        }

        (FoundText[][] splits, string[] origins) = Divide(found, seed);
        if (splits[0].Length == 0)
        {
            string others = string.Join(" and ", SplitName.Splits.Where((_, i) => splits[i].Length > 0).Select(name => $"{name} from {origins[Array.IndexOf(SplitName.Splits, name)]}"));
            problems.Add("train", $"there is no example to train on{(others.Length > 0 ? $"; the splits found are {others}" : "")}");
            return null;
        }

        // Where a hash holds rows out, the labels of those are known as well.
        IEnumerable<FoundText> marked = found.Texts.Where(text => text.Split is null or 0);
        IReadOnlyList<(string Written, string Meaning)> labels = target == TextTarget.Classification ? Labels(marked.Select(text => text.Label)) : [];
        Dictionary<string, int> indices = labels.Select((label, index) => (label.Written, index)).ToDictionary(StringComparer.Ordinal);
        TextSplit[] read = [.. splits.Select((split, i) => new TextSplit([.. split.Select(text => Read(text, indices)).OfType<TextExample>()], origins[i]))];
        if (!problems.Any && read[0].Examples.Count == 0)
        {
            problems.Add("train", "there is no example to train on");
        }
        else if (!problems.Any && target == TextTarget.Regression && read[0].Examples.All(example => example.Target == read[0].Examples[0].Target))
        {
            problems.Add("train", $"all of its examples have the number {splits[0][0].Label}; there is nothing to tell apart");
        }

        if (problems.Any)
        {
            return null;
        }

        if (rows.Notice(_set) is { } leftOut)
        {
            _notices.Add(leftOut);
        }

        NoticeLabels(read[0], labels);
        NoticeRepeated(read);
        return new TextDataSet(
            target, [.. labels.Select(label => label.Meaning)], read, [.. found.Notices.Concat(_notices).Select(PrintableText.Of)]);
    }

    /// <summary>The examples of each split and where it comes from.</summary>
    private (FoundText[][] Splits, string[] Origins) Divide(FoundTexts found, long seed)
    {
        if (found.Origins is null)
        {
            string[] shares = ["80 % of the rows, by a hash of the texts", "10 % of the rows, by a hash of the texts", "10 % of the rows, by a hash of the texts"];
            FoundText[][] divided = SeededSplit.Of(found.Texts, Key, seed);
            if (divided[2].Length > 0)
            {
                _notices.Add($"{_set} has no splits; {divided[1].Length} rows are held out for val and {divided[2].Length} for test, always the same.");
            }

            return (divided, shares);
        }

        ILookup<int?, FoundText> bySplit = found.Texts.ToLookup(text => text.Split);
        FoundText[][] splits = [.. Enumerable.Range(0, SplitName.Splits.Length).Select(split => bySplit[split].ToArray())];
        string[] origins = [.. found.Origins];
        if (splits[1].Length == 0 && splits[0].Length > 1)
        {
            (splits[0], splits[1]) = SeededSplit.HoldOut(splits[0], Key, seed);
            origins[1] = $"a tenth of {origins[0]}, by a hash of the texts";
            _notices.Add($"{_set} has no examples for val; {splits[1].Length} of train are held out for it, always the same.");
        }

        if (splits[2].Length == 0 && options.Glue is null)
        {
            _notices.Add($"{_set} has no examples for test; figures are those of val, by which the best epoch is chosen, and so are too high.");
        }

        return (splits, origins);
    }

    /// <summary>How labels are written and what they mean: those of GLUE, those that the options give, or the sorted ones that are found.</summary>
    private IReadOnlyList<(string Written, string Meaning)> Labels(IEnumerable<string> foundLabels)
    {
        if (options.Glue is { } glue)
        {
            return GlueFormat.Of(glue).Labels;
        }

        string[] labels = [.. options.Labels];
        if (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
        {
            problems.Add("data.labels", $"names {twice} twice");
            labels = [.. labels.Distinct()];
        }

        if (labels.Length == 0)
        {
            string[] found = [.. foundLabels.Distinct()];
            bool areNumbers = found.All(label => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
            labels = areNumbers
                ? [.. found.OrderBy(label => long.Parse(label, CultureInfo.InvariantCulture)).ThenBy(label => label, StringComparer.Ordinal)]
                : [.. found.Order(StringComparer.Ordinal)];
        }

        if (labels.Length == 1)
        {
            problems.Add("train", $"all of its examples have the label {labels[0]}; there is nothing to tell apart");
        }

        return [.. labels.Select(label => (label, label))];
    }

    private TextExample? Read(FoundText text, Dictionary<string, int> indices)
    {
        if (target == TextTarget.Regression)
        {
            if (double.TryParse(text.Label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                return new TextExample(text.Text, text.SecondText, number);
            }

            rows.Add(text.Place, $"{Column} is \"{text.Label}\"; expected a finite number", $"{Column} is no finite number");
            return null;
        }

        if (indices.TryGetValue(text.Label, out int index))
        {
            return new TextExample(text.Text, text.SecondText, index);
        }

        string known = string.Join(", ", indices.Keys.Take(MaxShown)) + (indices.Count > MaxShown ? ", …" : "");
        string expected = options.Glue is not null || options.Labels.Count > 0 ? "; expected one of" : ", which train does not have; it has";
        rows.Add(text.Place, $"{Column} is \"{text.Label}\"{expected} {known}", $"{Column} is no known label");
        return null;
    }

    private string Column => options.Glue is { } glue ? GlueFormat.Of(glue).Label : options.Label;

    private void NoticeLabels(TextSplit train, IReadOnlyList<(string Written, string Meaning)> labels)
    {
        var seen = train.Examples.Select(example => (int)example.Target).ToHashSet();
        string[] unseen = [.. labels.Where((_, index) => !seen.Contains(index)).Select(label => label.Meaning)];
        if (unseen.Length > 0)
        {
            _notices.Add($"No example of train in {_set} has the label{(unseen.Length == 1 ? "" : "s")} {string.Join(", ", unseen.Take(MaxShown))}{(unseen.Length > MaxShown ? ", …" : "")}; it cannot be learned.");
        }
    }

    /// <summary>Examples whose texts an earlier split has as well.</summary>
    private void NoticeRepeated(TextSplit[] splits)
    {
        var first = new Dictionary<(string, string?), int>();
        int repeated = 0;
        for (int i = 0; i < splits.Length; i++)
        {
            foreach (TextExample example in splits[i].Examples)
            {
                if (!first.TryAdd((example.Text, example.SecondText), i) && first[(example.Text, example.SecondText)] != i)
                {
                    repeated++;
                }
            }
        }

        if (repeated > 0)
        {
            _notices.Add($"{repeated} example{(repeated == 1 ? "" : "s")} of {_set} {(repeated == 1 ? "is" : "are")} in another split too; figures of texts that were trained on are too high.");
        }
    }

    private static string Key(FoundText text) => $"{text.Text}\t{text.SecondText}";
}
