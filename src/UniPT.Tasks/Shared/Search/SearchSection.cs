using System.Globalization;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Reports.Sections;

namespace UniPT.Tasks.Shared.Search;

/// <summary>A search and the pictures, or films, that it found.</summary>
/// <param name="Label">What it was searched with: the <see cref="MethodFigures.Label"/> of a method, or an adapter's name.</param>
/// <param name="Text">The query; null for a search by picture.</param>
/// <param name="Picture">The query; null for a search by text.</param>
/// <param name="Hits">Best first.</param>
public sealed record SearchResult(string Label, string? Text, Picture? Picture, IReadOnlyList<FoundPicture> Hits)
{
    /// <summary>What one that is found is called.</summary>
    public string Noun { get; init; } = "picture";

    /// <summary>What a search found, with its pictures.</summary>
    /// <param name="index">What was searched.</param>
    /// <param name="text">The query, or null.</param>
    /// <param name="picture">The queried picture, or null.</param>
    /// <param name="hits">What was found.</param>
    public static SearchResult Of(SearchIndex index, string? text, Picture? picture, IReadOnlyList<SearchHit> hits) => new(
        text ?? picture!.Name,
        text,
        picture,
        [.. hits.Select(hit => new FoundPicture(Picture.Of(hit.Name, index.Read(hit)), hit.Score, hit.Captions))])
    {
        Noun = index.Noun,
    };
}

/// <summary>A picture or film that a search found, with what a page needs to show it.</summary>
/// <param name="Picture">The picture, or a frame.</param>
/// <param name="Score">Cosine similarity to the query, -1 … 1.</param>
/// <param name="Captions">Its captions in the data, the first one is shown.</param>
/// <param name="Right">Whether it answers the query; null where that is unknown.</param>
public sealed record FoundPicture(Picture Picture, double Score, IReadOnlyList<string> Captions, bool? Right = null);

/// <summary>Searches with the pictures that they found, best first.</summary>
public static class SearchSection
{
    /// <summary>The section; null where nothing was searched for.</summary>
    /// <param name="searches">The searches in the order to show them.</param>
    public static ReportSection? Of(IReadOnlyList<SearchResult> searches) =>
        searches.Count == 0 ? null : new ReportSection("searches", "Searches", [.. searches.Select(Search)]);

    private static Block Search(SearchResult search)
    {
        var outcome = new Paragraph([ReportText.Quote(search.Label), $": {Outcome(search)}"], IsAside: true);
        var hits = new Gallery([.. search.Hits.Select(Hit)]);
        return new Block(
            search.Text is null
                ? [$"{char.ToUpperInvariant(search.Noun[0])}{search.Noun[1..]}s like ", ReportText.Quote(search.Picture?.Name ?? "")]
                : ["“", ReportText.Quote(search.Text), "”"],
            search.Picture is null ? [outcome, hits] : [new SinglePicture(search.Picture, "The picture that was searched by"), outcome, hits]);
    }

    private static string Outcome(SearchResult search)
    {
        IReadOnlyList<FoundPicture> hits = search.Hits;
        if (hits.Count == 0)
        {
            return "nothing found.";
        }

        if (hits.All(hit => hit.Right is null))
        {
            return hits.Count == 1 ? $"the best {search.Noun}." : $"the {hits.Count} best {search.Noun}s.";
        }

        int[] right = [.. hits.Index().Where(hit => hit.Item.Right == true).Select(hit => hit.Index + 1)];
        return right.Length == 0
            ? $"no right answer among the first {hits.Count}."
            : $"right {(right.Length == 1 ? "answer" : "answers")} at rank {Units.List([.. right.Select(rank => $"{rank}")])}.";
    }

    private static GalleryItem Hit(FoundPicture hit) => new(
        hit.Picture,
        hit.Captions.FirstOrDefault() ?? "",
        double.IsFinite(hit.Score) ? hit.Score.ToString("F3", CultureInfo.InvariantCulture) : Units.Missing,
        "Cosine similarity",
        hit.Right == true ? "right answer" : null);
}
