using System.Globalization;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Texts.Data;

/// <summary>A text, or two that are read together, and what is learned of it.</summary>
/// <param name="Text">The text, or the first of two.</param>
/// <param name="SecondText">The second text; null where there is one only.</param>
/// <param name="Target">The index of its label or text in <see cref="TextDataSet.Labels"/>, or the number of a regression; NaN where it is not known.</param>
public sealed record TextExample(string Text, string? SecondText, double Target);

/// <summary>The examples of one split, in an order that stays the same.</summary>
/// <param name="Examples">May be none in val and test.</param>
/// <param name="Origin">Where the split comes from, as messages say it: a table, a column, a share of another split.</param>
public sealed record TextSplit(IReadOnlyList<TextExample> Examples, string Origin)
{
    /// <summary>Whether the targets are known; those of GLUE's test files are not, and no number (NaN) stands for them.</summary>
    public bool HasAnswers { get; init; } = true;

    /// <summary>What a benchmark's server calls each example; empty where the files do not say.</summary>
    public IReadOnlyList<string> Indices { get; init; } = [];

    /// <summary>How many examples there are, such as <c>2,490 pairs of texts</c>.</summary>
    internal string Count(bool pairs) => string.Create(
        CultureInfo.InvariantCulture, $"{Examples.Count:N0} {(pairs ? "pair" : "text")}{(Examples.Count == 1 ? "" : "s")}{(pairs ? " of texts" : "")}");

    /// <summary>A sentence where some of them are longer than is read of them; null for none.</summary>
    /// <param name="name">What the split is called.</param>
    /// <param name="read">The examples as they are read.</param>
    /// <param name="room">Tokens that are read at most.</param>
    /// <param name="pairs">Whether each is two texts.</param>
    internal string? CutNotice(string name, IReadOnlyList<TokenizedText> read, int room, bool pairs)
    {
        int cut = read.Count(text => text.IsCut);
        return cut == 0 ? null : $"{cut} of {Count(pairs)} in {name} {(cut == 1 ? "is" : "are")} longer than {room} tokens and cut.";
    }
}

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

    /// <summary>The labels in the order of their indices; where texts are learned all different ones, and none for regression.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The examples to learn from; none only where a single file of GLUE was opened, to be predicted.</summary>
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
    public static TextDataSet Open(TextDataOptions options, TextTarget target, long seed) => Open(options, target, seed, null);

    /// <summary>The same.</summary>
    /// <param name="options">As above.</param>
    /// <param name="target">As above.</param>
    /// <param name="seed">As above.</param>
    /// <param name="refuse">Why a label as it is written, with its index or number, cannot be learned; null: all can.</param>
    internal static TextDataSet Open(TextDataOptions options, TextTarget target, long seed, Func<string, double, string?>? refuse)
    {
        var problems = new DataSetProblems();
        var rows = new RowProblems(problems, options.SkipBad);
        using DataSetFiles files = DataSetFiles.Open(options.Path, problems, TableFile.IsNamedSo);
        FoundTexts found = options.Glue is { } glue ? GlueReader.Read(files, glue, options.Splits, problems, rows) : TextTables.Read(files, options, problems, rows);
        TextDataSet? set = new TextSplitter(files.Path, options, options.TargetOr(target), problems, rows, refuse).Split(found, seed, mayLackTrain: options.Glue is not null && files is OneFile);
        problems.ThrowIfAny(files.Path);
        return set!;
    }

    /// <summary>All three with their names.</summary>
    internal IReadOnlyList<(string Name, TextSplit Split)> Splits => [(SplitName.Splits[0], Train), (SplitName.Splits[1], Val), (SplitName.Splits[2], Test)];

    /// <summary>How many examples each split has and where it comes from, in a sentence.</summary>
    internal string Summary(TextDataOptions options)
    {
        bool isOne = Splits.Select(part => part.Split.Origin).Distinct().Count() == 1;
        IEnumerable<string> splits = Splits.Select(part =>
            part.Split.Examples.Count == 0 ? $"no {part.Name}" : $"{part.Name} {part.Split.Count(options.HasPairs)}{(isOne ? "" : $" from {part.Split.Origin}")}");
        return PrintableText.Of($"{options.Path}: {string.Join(", ", splits)}{(isOne ? $", by {Train.Origin}" : "")}.");
    }

    /// <summary>The same examples with their labels' indices in another list.</summary>
    /// <exception cref="UserException">A label is not in that list.</exception>
    internal TextDataSet With(IReadOnlyList<string> labels)
    {
        int[] places = LabelList.Places(Labels, labels);
        return new TextDataSet(Target, labels, [.. Splits.Select(part => part.Split).Select(split => !split.HasAnswers ? split : split with
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

        foreach ((_, TextSplit split) in Splits)
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
