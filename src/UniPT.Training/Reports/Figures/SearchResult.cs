namespace UniPT.Training.Reports.Figures;

/// <summary>A search and what it found.</summary>
/// <param name="Label">What it was searched with: the <see cref="MethodFigures.Label"/> of a method, or an adapter's name.</param>
/// <param name="Text">The query; null for a search by picture.</param>
/// <param name="Picture">The query; null for a search by text.</param>
/// <param name="Hits">Best first.</param>
public sealed record SearchResult(string Label, string? Text, Picture? Picture, IReadOnlyList<FoundPicture> Hits);
