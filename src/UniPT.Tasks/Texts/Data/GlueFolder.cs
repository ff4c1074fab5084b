using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Texts.Data;

/// <summary>Tells the published files of GLUE by what is in them, for <c>unipt inspect</c>.</summary>
internal static class GlueFolder
{
    /// <summary>Says which tasks of GLUE are at a path and what is in them; null where there is none.</summary>
    /// <exception cref="DataSetException">There is, and it has problems: all of them are named.</exception>
    internal static IReadOnlyList<string>? Describe(string path, bool skipBad)
    {
        var said = new List<string>();
        var broken = new List<string>();
        foreach (GlueTask task in Found(path))
        {
            try
            {
                said.AddRange(Describe(TextDataSet.Open(new() { Path = path, Glue = task, SkipBad = skipBad }, TextTarget.Classification, SeededSplit.Seed), task, path));
            }
            catch (DataSetException error)
            {
                broken.Add(error.Message);
            }
        }

        return broken.Count > 0 ? throw new DataSetException(string.Join('\n', broken)) : said.Count > 0 ? said : null;
    }

    private static IEnumerable<string> Describe(TextDataSet set, GlueTask task, string path)
    {
        GlueFormat format = GlueFormat.Of(task);
        yield return $"{path} is {format.Folder} of GLUE:";
        foreach ((string name, TextSplit split) in set.Splits.Where(part => part.Split.Examples.Count > 0))
        {
            yield return $"  {name,-5} {split.Count(format.SecondText is not null)} from {split.Origin}{(split.HasAnswers ? Answers(set, split) : ", without answers")}";
        }

        foreach (string notice in set.Notices)
        {
            yield return $"  {notice}";
        }

        yield return $"  Name it in a recipe of the task texts, or of text_to_text: data.glue: {task.ToString().ToLowerInvariant()}.";
    }

    private static string Answers(TextDataSet set, TextSplit split) => set.Target == TextTarget.Classification
        ? $": {string.Join(", ", set.Labels.Select((label, index) => string.Create(CultureInfo.InvariantCulture, $"{label} {split.Examples.Count(example => example.Target == index):N0}")))}"
        : string.Create(CultureInfo.InvariantCulture, $": scores {split.Examples.Min(example => example.Target):0.###} to {split.Examples.Max(example => example.Target):0.###}");

    private static List<GlueTask> Found(string path)
    {
        using DataSetFiles files = DataSetFiles.Open(path, new DataSetProblems(), TableFile.IsNamedSo);
        var heads = new Dictionary<string, string[][]>(StringComparer.Ordinal);
        return [.. Enum.GetValues<GlueTask>().Where(task => IsThere(files, GlueFormat.Of(task), heads))];
    }

    /// <summary>Whether train's columns and its first label are a task's.</summary>
    private static bool IsThere(DataSetFiles files, GlueFormat format, Dictionary<string, string[][]> heads)
    {
        if (GlueReader.Candidates(files, format, format.Files[0]!) is not [string train] || files.FindTableProblem(train) is not null)
        {
            return false;
        }

        if (!heads.TryGetValue(train, out string[][]? head))
        {
            heads[train] = head = [.. TextLines.Untrimmed(files.Read(train)).Take(2).Select(line => line.Text?.Split('\t') ?? [])];
        }

        int rows = format.Columns is null ? 1 : 0;
        if (head.Length <= rows)
        {
            return false;
        }

        IReadOnlyList<string> columns = format.Columns ?? head[0];
        int label = columns.ToList().IndexOf(format.Label);
        return columns.Contains(format.Text) && (format.SecondText is null || columns.Contains(format.SecondText)) && label >= 0
            && head[rows].Length >= columns.Count && IsLabel(head[rows][label], format);
    }

    private static bool IsLabel(string written, GlueFormat format) => format.Labels.Count > 0
        ? format.Labels.Any(label => label.Written == written)
        : double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
