using System.Globalization;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>Expressions on pictures, in splits. Files of annotations are read entry by entry, and pictures are not opened before they are needed.</summary>
internal sealed class ExpressionDataSet : IDisposable
{
    private readonly DataSetFiles[] _opened;

    private ExpressionDataSet(IReadOnlyList<ExpressionSplit> splits, PictureFiles pictures, IReadOnlyList<string> notices, DataSetFiles[] opened)
    {
        (Splits, Pictures, Notices, _opened) = (splits, pictures, notices, opened);
        Fingerprint = DataSetFingerprint.Of(Write);
    }

    /// <summary>train, val and test.</summary>
    internal IReadOnlyList<ExpressionSplit> Splits { get; }

    /// <summary>The pictures' files.</summary>
    internal PictureFiles Pictures { get; }

    /// <summary>What a user should know, a sentence each.</summary>
    internal IReadOnlyList<string> Notices { get; }

    /// <summary>Hexadecimal SHA-256 over the expressions and the lengths of the pictures' files; these themselves, gigabytes of them, are not read for it.</summary>
    internal string Fingerprint { get; }

    /// <summary>Reads all expressions.</summary>
    /// <exception cref="DataSetException">There are problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or file, or it cannot be read.</exception>
    internal static ExpressionDataSet Open(GroundingDataOptions options)
    {
        var problems = new DataSetProblems();
        DataSetFiles files = Directory.Exists(options.Path) || !File.Exists(options.Path)
            ? DataSetFiles.Open(options.Path, problems)
            : throw new UserException($"Data set {options.Path} is a file; expected a folder with MDETR's annotations. Pictures alone may be in a zip (data.images).");
        DataSetFiles[] opened = [files];
        try
        {
            opened = options.Images is null ? opened : [files, DataSetFiles.Open(options.Images, problems)];
            return Read(options, opened, problems);
        }
        catch
        {
            Close(opened);
            throw;
        }
    }

    /// <summary>Says what expressions are at a path, for <c>unipt inspect</c>; null where there is no file of them.</summary>
    internal static IReadOnlyList<string>? Describe(string path, bool skipBad)
    {
        if (!IsThere(path))
        {
            return null;
        }

        using ExpressionDataSet set = Open(new GroundingDataOptions { Path = path, SkipBad = skipBad });
        return
        [
            $"{path} is a data set of referring expressions for the task grounding:",
            .. set.Splits.SelectMany(split => split.Expressions.GroupBy(expression => (expression.Set, expression.Part)).Select(part => PrintableText.Of(Facts(split.Name, part.Key.Set, part.Key.Part, [.. part])))),
            .. set.Notices.Select(notice => $"  {notice}"),
            .. set.Splits[0].Expressions.Take(1).Select(first => PrintableText.Of($"  for example {first.File}, {first.Text}: {first.Box}")),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => Close(_opened);

    private static bool IsThere(string path)
    {
        if (!Directory.Exists(path))
        {
            return false;
        }

        using DataSetFiles files = DataSetFiles.Open(path, new DataSetProblems());
        return AnnotationFile.Find(files).Count > 0;
    }

    private static ExpressionDataSet Read(GroundingDataOptions options, DataSetFiles[] opened, DataSetProblems problems)
    {
        DataSetFiles files = opened[0];
        var rows = new RowProblems(problems, options.SkipBad);
        var pictures = new PictureFiles(opened[^1]);
        var notices = new List<string>();
        AnnotationFile[] chosen = [.. Choose(AnnotationFile.Find(files), options, files.Path, problems, notices)];
        var reader = new ExpressionReader(files, pictures, problems, rows);
        ExpressionSplit[] splits =
        [
            .. SplitName.Splits.Select((name, split) =>
            {
                AnnotationFile[] own = [.. chosen.Where(file => file.Split == split)];
                return new ExpressionSplit(name, [.. own.SelectMany(reader.Read)], [.. own.Select(file => file.Path)]);
            }),
        ];
        if (!problems.Any && splits[0].Expressions.Count == 0)
        {
            problems.Add("train", "there is no expression to train on");
        }

        problems.ThrowIfAny(files.Path, reader.HasBad ? "Mend the annotations, or leave out those that cannot be used with data.skip_bad: true (--skip-bad)." : null);
        if (reader.Cut > 0)
        {
            notices.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.Cut:N0} box{(reader.Cut == 1 ? " reaches" : "es reach")} out of the picture by more than a pixel and {(reader.Cut == 1 ? "is" : "are")} cut."));
        }

        notices.AddRange(Shared(splits));
        if (rows.Notice(files.Path) is { } left)
        {
            notices.Add(left);
        }

        return new ExpressionDataSet(splits, pictures, [.. notices.Select(PrintableText.Of)], opened);
    }

    /// <summary>The files that are read; adds problems of those that are missing.</summary>
    private static IEnumerable<AnnotationFile> Choose(
        IReadOnlyList<AnnotationFile> found, GroundingDataOptions options, string path, DataSetProblems problems, List<string> notices)
    {
        ReferringDataSet[] sets = options.Dataset is { } one ? [one] : [.. found.Select(file => file.Set).Distinct()];
        if (sets.Length == 0)
        {
            problems.Add(path, $"holds no expressions; expected {AnnotationFile.NameOf(ReferringDataSet.Refcoco, "train")} and its like, as MDETR's annotations have them");
        }

        foreach (ReferringDataSet set in sets)
        {
            ILookup<(int Split, string Part), AnnotationFile> own = found.Where(file => file.Set == set).ToLookup(file => (file.Split, file.Part));
            foreach (AnnotationFile other in own.SelectMany(files => files.Skip(1)))
            {
                problems.Add(other.Path, $"is the same split as {own[(other.Split, other.Part)].First().Path}; keep one of them");
            }

            string[] tests = !set.HasTwoTests() ? [""] : options.Test switch { TestPart.TestA => ["testA"], TestPart.TestB => ["testB"], _ => ["testA", "testB"] };
            (int Split, string Part)[] wanted = [(0, ""), (1, ""), .. tests.Select(part => (2, part))];
            string[] missing = [.. wanted.Where(part => !own.Contains(part)).Select(part => AnnotationFile.NameOf(set, part.Part.Length > 0 ? part.Part : SplitName.Splits[part.Split]))];
            if (!own.Contains((0, "")))
            {
                problems.Add(AnnotationFile.NameOf(set, "train"), $"is missing below {path}; it holds the expressions of {set.Title()} to train on");
            }
            else if (missing.Length > 0)
            {
                notices.Add($"{path} lacks {string.Join(" and ", missing)}, so that nothing is measured on {(missing.Length == 1 ? "it" : "them")}.");
            }

            foreach ((int, string) part in wanted.Where(own.Contains))
            {
                yield return own[part].First();
            }
        }
    }

    /// <summary>Sentences about splits that have pictures in common.</summary>
    private static IEnumerable<string> Shared(IReadOnlyList<ExpressionSplit> splits)
    {
        HashSet<string>[] pictures = [.. splits.Select(split => split.Expressions.Select(expression => expression.File).ToHashSet(StringComparer.Ordinal))];
        for (int i = 0; i < splits.Count; i++)
        {
            for (int j = i + 1; j < splits.Count; j++)
            {
                int both = pictures[i].Count(pictures[j].Contains);
                if (both > 0)
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{both:N0} picture{(both == 1 ? " is" : "s are")} in {splits[i].Name} and in {splits[j].Name} too, so that figures on {splits[j].Name} say less of new pictures.");
                }
            }
        }
    }

    private static string Facts(string split, ReferringDataSet set, string part, Expression[] expressions)
    {
        int[] words = [.. expressions.Select(expression => expression.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length)];
        double area = expressions.Average(expression => (expression.Box.Right - expression.Box.Left) * (expression.Box.Bottom - expression.Box.Top) / ((double)expression.Width * expression.Height));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {set.Title(),-8} {(part.Length > 0 ? part : split),-6} {expressions.Length,8:N0} expressions with a box each, {expressions.Select(expression => expression.File).Distinct().Count(),7:N0} pictures; {words.Average():F1} words in the mean, {words.Max()} at most; a box is {100 * area:F0} % of its picture in the mean");
    }

    private static void Close(DataSetFiles[] opened)
    {
        foreach (DataSetFiles files in opened)
        {
            files.Dispose();
        }
    }

    private void Write(BinaryWriter writer)
    {
        foreach (ExpressionSplit split in Splits)
        {
            writer.Write(split.Expressions.Count);
            foreach (Expression expression in split.Expressions)
            {
                writer.Write(Path.GetFileName(expression.File));
                writer.Write(Pictures.Size(expression.File));
                writer.Write(expression.Text);
                writer.Write((int)expression.Set);
                writer.Write(expression.Part);
                foreach (double side in (double[])[expression.Box.Left, expression.Box.Top, expression.Box.Right, expression.Box.Bottom])
                {
                    writer.Write(side);
                }

                writer.Write(expression.Spans.Count);
                foreach ((int start, int end) in expression.Spans)
                {
                    writer.Write(start);
                    writer.Write(end);
                }
            }
        }
    }
}
