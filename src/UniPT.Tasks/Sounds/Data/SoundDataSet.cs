using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Sounds.Data;

/// <summary>A recording and its label.</summary>
/// <param name="File">Its path below the root of the data set.</param>
/// <param name="Label">The index of its label in <see cref="SoundDataSet.Labels"/>.</param>
/// <param name="Content">Hexadecimal SHA-256 of the file.</param>
/// <param name="Frames">Frames of its spectrogram, rounded up, however many are read.</param>
public sealed record SoundExample(string File, int Label, string Content, int Frames);

/// <summary>The recordings of one split, in an order that stays the same.</summary>
/// <param name="Examples">May be none in val and test.</param>
/// <param name="Origin">Where the split comes from, as messages say it: a folder, a column, a share of another split.</param>
public sealed record SoundSplit(IReadOnlyList<SoundExample> Examples, string Origin);

/// <summary>Recordings with labels: WAV files in a folder or a zip, in folders by their labels or named by a table.</summary>
/// <remarks>
/// Folders named <c>train</c>, <c>val</c> (or <c>dev</c>, <c>validation</c>, …) and <c>test</c> are the splits, or a table says it by its name or by a
/// column. Without any, recordings are split 80 : 10 : 10 by a hash of seed and name; without val, a tenth of train is held out for it.
/// </remarks>
public sealed class SoundDataSet : IDisposable
{
    internal SoundDataSet(DataSetFiles files, IReadOnlyList<string> labels, IReadOnlyList<SoundSplit> splits, IReadOnlyList<string> notices)
    {
        (Files, Labels, Notices) = (files, labels, notices);
        (Train, Val, Test) = (splits[0], splits[1], splits[2]);
        Fingerprint = DataSetFingerprint.Of(Write);
    }

    /// <summary>The labels in the order of their indices.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The recordings to learn from; at least one.</summary>
    public SoundSplit Train { get; }

    /// <summary>The recordings to choose the best epoch by; none only if train has a single one.</summary>
    public SoundSplit Val { get; }

    /// <summary>The recordings to report on; may be none.</summary>
    public SoundSplit Test { get; }

    /// <summary>Hexadecimal SHA-256 over files, labels and splits; the same wherever they lie and whatever they are called.</summary>
    public string Fingerprint { get; }

    /// <summary>What a user should know of these data, a sentence each: what is not used, what makes figures mean less.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The files.</summary>
    internal DataSetFiles Files { get; }

    /// <summary>The splits with their names.</summary>
    internal IEnumerable<(string Name, SoundSplit Split)> Splits => [("train", Train), ("val", Val), ("test", Test)];

    /// <summary>Opens a data set and reads every recording once.</summary>
    /// <param name="options">Where it is and how it is read.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or file, or it cannot be read.</exception>
    public static SoundDataSet Open(SoundDataOptions options, long seed)
    {
        var problems = new DataSetProblems();
        DataSetFiles files = DataSetFiles.Open(options.Path, problems);
        try
        {
            SoundDataSet? set = new SoundSplitter(files, options, problems).Split(SoundFiles.Find(files, options, problems), seed);
            problems.ThrowIfAny(files.Path);
            return set!;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => Files.Dispose();

    /// <summary>The same recordings with their labels' indices in another list; it has these files.</summary>
    /// <exception cref="UserException">A label is not in that list.</exception>
    internal SoundDataSet With(IReadOnlyList<string> labels)
    {
        int[] places = LabelList.Places(Labels, labels);
        return new SoundDataSet(
            Files,
            labels,
            [.. Splits.Select(part => part.Split with { Examples = [.. part.Split.Examples.Select(example => example with { Label = places[example.Label] })] })],
            Notices);
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write(Labels.Count);
        foreach (string label in Labels)
        {
            writer.Write(label);
        }

        foreach ((_, SoundSplit split) in Splits)
        {
            writer.Write(split.Examples.Count);
            foreach (SoundExample example in split.Examples)
            {
                writer.Write(example.Content);
                writer.Write(example.Label);
            }
        }
    }
}
