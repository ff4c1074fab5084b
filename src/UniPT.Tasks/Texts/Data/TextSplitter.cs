using System.Globalization;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Texts.Data;

/// <summary>Makes a data set of the examples that were found: divides them into splits and reads their labels or numbers.</summary>
internal sealed class TextSplitter(
    string path, TextDataOptions options, TextTarget target, DataSetProblems problems, RowProblems rows, Func<string, double, string?>? refuse)
{
    private readonly string _set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    private readonly List<string> _notices = [];

    /// <summary>The data set; null after a problem.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="seed">Divides what nothing else does.</param>
    /// <param name="mayLackTrain">Whether there may be nothing to learn from.</param>
    public TextDataSet? Split(FoundTexts found, long seed, bool mayLackTrain)
    {
        if (problems.Any)
        {
            return null;
        }

        var divider = new ExampleSplits(_set, "rows", "texts", problems, _notices);
        if (divider.Divide(found.Texts, text => $"{text.Text}\t{text.SecondText}", text => text.Split, found.Origins, seed, mayLackTest: options.Glue is not null, mayLackTrain) is not var (splits, origins))
        {
            return null;
        }

        // Where a hash holds rows out, the labels of those are known as well.
        IEnumerable<FoundText> marked = found.Texts.Where(text => text.Split is null or 0);
        IReadOnlyList<(string Written, string Meaning)> labels = target switch
        {
            TextTarget.Classification => Labels(marked.Select(text => text.Label!)),
            TextTarget.Text => [.. found.Texts.Select(text => text.Label).OfType<string>().Distinct().Select(text => (text, text))],
            _ => [],
        };
        Dictionary<string, int> indices = labels.Select((label, index) => (label.Written, index)).ToDictionary(StringComparer.Ordinal);
        TextSplit[] read = [.. splits.Select((split, i) => Read(split, indices, origins[i]))];
        if (!problems.Any && read[0].Examples.Count == 0 && !mayLackTrain)
        {
            problems.Add("train", "there is no example to train on");
        }
        else if (!problems.Any && target == TextTarget.Regression && read[0].Examples.Count > 0 && read[0].Examples.All(example => example.Target == read[0].Examples[0].Target))
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

        if (target == TextTarget.Classification && read[0].Examples.Count > 0 && LabelList.UnseenNotice(_set, [.. labels.Select(label => label.Meaning)], read[0].Examples.Select(example => (int)example.Target)) is { } unseen)
        {
            _notices.Add(unseen);
        }

        if (LabelList.RepeatedNotice(_set, "texts", read.Select(split => split.Examples.Select(example => (example.Text, example.SecondText)))) is { } repeated)
        {
            _notices.Add(repeated);
        }

        return new TextDataSet(
            target, [.. labels.Select(label => label.Meaning)], read, [.. found.Notices.Concat(_notices).Select(PrintableText.Of)]);
    }

    /// <summary>How labels are written and what they mean: those of GLUE, those that the options give, or the sorted ones that are found.</summary>
    private IReadOnlyList<(string Written, string Meaning)> Labels(IEnumerable<string> foundLabels)
    {
        if (options.Glue is { } glue)
        {
            return GlueFormat.Of(glue).Labels;
        }

        return [.. LabelList.Of(foundLabels, options.Labels, problems).Select(label => (label, label))];
    }

    private TextSplit Read(FoundText[] split, Dictionary<string, int> indices, string origin)
    {
        if (split.Length > 0 && split.All(text => text.Label is null))
        {
            return new TextSplit([.. split.Select(text => new TextExample(text.Text, text.SecondText, double.NaN))], origin)
            {
                HasAnswers = false,
                Indices = [.. split.Select(text => text.Index).OfType<string>()],
            };
        }

        return new TextSplit([.. split.Select(text => Read(text, text.Label, indices)).OfType<TextExample>()], origin);
    }

    private TextExample? Read(FoundText text, string? label, Dictionary<string, int> indices)
    {
        if (label is null)
        {
            rows.Add(text.Place, $"has no {Column}, which other rows of its split have", $"has no {Column}");
            return null;
        }

        double found;
        if (target == TextTarget.Regression)
        {
            if (!double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out found) || !double.IsFinite(found))
            {
                rows.Add(text.Place, $"{Column} is \"{label}\"; expected a finite number", $"{Column} is no finite number");
                return null;
            }
        }
        else if (indices.TryGetValue(label, out int index))
        {
            found = index;
        }
        else
        {
            string unknown = LabelList.Unknown(indices.Keys, options.Glue is not null || options.Labels.Count > 0);
            rows.Add(text.Place, $"{Column} is \"{label}\"{unknown}", $"{Column} is no known label");
            return null;
        }

        if (refuse?.Invoke(label, found) is { } problem)
        {
            rows.Add(text.Place, $"{Column} {problem}", $"{Column} {problem}");
            return null;
        }

        return new TextExample(text.Text, text.SecondText, found);
    }

    private string Column => options.Glue is { } glue ? GlueFormat.Of(glue).Label : options.Label;
}
