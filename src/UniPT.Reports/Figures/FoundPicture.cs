namespace UniPT.Reports.Figures;

/// <summary>A picture that a search found, with what a page needs to show it.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Score">Cosine similarity to the query, -1 … 1.</param>
/// <param name="Captions">Its captions in the data, the first one is shown.</param>
/// <param name="Right">Whether it answers the query; null where that is unknown.</param>
public sealed record FoundPicture(Picture Picture, double Score, IReadOnlyList<string> Captions, bool? Right = null);
