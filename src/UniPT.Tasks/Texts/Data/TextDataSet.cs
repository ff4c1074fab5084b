using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Texts.Data;

/// <summary>A text, or two that are read together, and what is learned of it.</summary>
/// <param name="Text">The text, or the first of two.</param>
/// <param name="SecondText">The second text; null where there is one only.</param>
/// <param name="Target">The index of its label in <see cref="TextDataSet.Labels"/>, or the number of a regression.</param>
public sealed record TextExample(string Text, string? SecondText, double Target);

/// <summary>The examples of one split, in an order that stays the same.</summary>
/// <param name="Examples">May be none in val and test.</param>
/// <param name="Origin">Where the split comes from, as messages say it: a table, a column, a share of another split.</param>
public sealed record TextSplit(IReadOnlyList<TextExample> Examples, string Origin);

/// <summary>
/// Texts with labels or numbers: the published files of a task of GLUE, or tables (CSV, TSV, JSON lines, Parquet) in a folder, in a zip or alone.
/// </summary>
/// <remarks>
/// Tables, or folders around them, named <c>train</c>, <c>val</c> (or <c>dev</c>, <c>validation</c>, …) and <c>test</c> are the splits, or a column says
/// it. Without any, rows are split 80 : 10 : 10 by a hash of seed and text; without val, a tenth of train is held out for it.
/// </remarks>
public sealed class TextDataSet
{
    internal TextDataSet(TextTarget target, IReadOnlyList<string> labels, IReadOnlyList<TextSplit> splits, IReadOnlyList<string> notices)
    {
        (Target, Labels, Notices) = (target, labels, notices);
        (Train, Val, Test) = (splits[0], splits[1], splits[2]);
        Fingerprint = DataSetFingerprint.Of(Write);
    }

    /// <summary>What is learned of the texts.</summary>
    public TextTarget Target { get; }

    /// <summary>The labels in the order of their indices; none for regression.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The examples to learn from; at least one.</summary>
    public TextSplit Train { get; }

    /// <summary>The examples to choose the best epoch by; none only if train has a single one.</summary>
    public TextSplit Val { get; }

    /// <summary>The examples to report on; may be none.</summary>
    public TextSplit Test { get; }

    /// <summary>Hexadecimal SHA-256 over texts, labels and splits; the same wherever and in which format they lie.</summary>
    public string Fingerprint { get; }

    /// <summary>What a user should know of these data, a sentence each: what is not used, what makes figures mean less.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Opens a data set and reads all of it.</summary>
    /// <param name="options">Where it is, a folder, a zip file or a table, and how it is read.</param>
    /// <param name="target">What is learned; of a task of GLUE it is known, and this is not looked at.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or file, or it cannot be read.</exception>
    public static TextDataSet Open(TextDataOptions options, TextTarget target, long seed)
    {
        var problems = new DataSetProblems();
        var rows = new RowProblems(problems, options.SkipBad);
        using DataSetFiles files = DataSetFiles.Open(options.Path, problems, TableFile.IsNamedSo);
        FoundTexts found = options.Glue is { } glue ? GlueReader.Read(files, glue, problems, rows) : TextTables.Read(files, options, problems, rows);
        TextDataSet? set = new TextSplitter(files.Path, options, options.TargetOr(target), problems, rows).Split(found, seed);
        problems.ThrowIfAny(files.Path);
        return set!;
    }

    /// <summary>The same examples with their labels' indices in another list.</summary>
    /// <exception cref="UserException">A label is not in that list.</exception>
    internal TextDataSet With(IReadOnlyList<string> labels)
    {
        int[] places = LabelList.Places(Labels, labels);
        return new TextDataSet(Target, labels, [.. ((TextSplit[])[Train, Val, Test]).Select(split => split with
        {
            Examples = [.. split.Examples.Select(example => example with { Target = places[(int)example.Target] })],
        })], Notices);
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write((int)Target);
        writer.Write(Labels.Count);
        foreach (string label in Labels)
        {
            writer.Write(label);
        }

        foreach (TextSplit split in (TextSplit[])[Train, Val, Test])
        {
            writer.Write(split.Examples.Count);
            foreach (TextExample example in split.Examples)
            {
                writer.Write(example.Text);
                writer.Write(example.SecondText is not null);
                writer.Write(example.SecondText ?? "");
                writer.Write(example.Target);
            }
        }
    }
}
