using UniPT.Training.Search;

namespace UniPT.Reports.Figures;

/// <summary>A search and what it found.</summary>
/// <param name="Label">What it was searched with: the <see cref="MethodFigures.Label"/> of a method, or an adapter's name.</param>
/// <param name="Text">The query; null for a search by picture.</param>
/// <param name="Picture">The query; null for a search by text.</param>
/// <param name="Hits">Best first.</param>
public sealed record SearchResult(string Label, string? Text, Picture? Picture, IReadOnlyList<FoundPicture> Hits)
{
    /// <summary>What a search found, with its pictures.</summary>
    /// <param name="index">What was searched.</param>
    /// <param name="text">The query, or null.</param>
    /// <param name="picture">The queried picture, or null.</param>
    /// <param name="hits">What was found.</param>
    public static SearchResult Of(SearchIndex index, string? text, Picture? picture, IReadOnlyList<SearchHit> hits) => new(
        text ?? picture!.Name,
        text,
        picture,
        [.. hits.Select(hit => new FoundPicture(Picture.Of(hit.Name, index.Read(hit)), hit.Score, hit.Captions))]);
}
