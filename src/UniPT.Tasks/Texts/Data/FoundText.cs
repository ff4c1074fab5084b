namespace UniPT.Tasks.Texts.Data;

/// <summary>An example as it was found.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The text, or the first of two.</param>
/// <param name="SecondText">The second text; null where there is one only.</param>
/// <param name="Label">The label or number as it is written; null where it is not known.</param>
/// <param name="Split">0 train, 1 val, 2 test; null: nothing says.</param>
internal sealed record FoundText(string Place, string Text, string? SecondText, string? Label, int? Split)
{
    /// <summary>What a benchmark's server calls it; null where the files do not say.</summary>
    public string? Index { get; init; }
}

/// <summary>What is in a data set of texts.</summary>
/// <param name="Texts">All examples, in an order that does not depend on the file system.</param>
/// <param name="Origins">Where each split comes from, as messages say it; null where nothing divides the examples.</param>
/// <param name="Notices">What is left out, a sentence each.</param>
internal sealed record FoundTexts(IReadOnlyList<FoundText> Texts, IReadOnlyList<string>? Origins, IReadOnlyList<string> Notices);
