using System.Globalization;
using System.Xml.Linq;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>Searches with the pictures that they found, best first.</summary>
internal static class SearchSection
{
    internal static XElement? Render(IReadOnlyList<SearchResult> searches) => searches.Count == 0
        ? null
        : Markup.Section("searches", "Searches", searches.Select(Search));

    private static XElement Search(SearchResult search) => new(
        "article",
        Markup.Class("search"),
        search.Text is null
            ? new XElement("h3", "Pictures like ", search.Picture is null ? null : Markup.Foreign(search.Picture.Name))
            : new XElement("h3", "“", Markup.Foreign(search.Text), "”"),
        search.Picture is null ? null : new XElement("div", Markup.Class("query"), Markup.Image(search.Picture, "The picture that was searched by")),
        new XElement("p", Markup.Class("hint"), Markup.Foreign(search.Label), $": {Outcome(search.Hits)}"),
        new XElement("ol", Markup.Class("hits"), search.Hits.Select(Hit)));

    private static string Outcome(IReadOnlyList<FoundPicture> hits)
    {
        if (hits.Count == 0)
        {
            return "nothing found.";
        }

        if (hits.All(hit => hit.Right is null))
        {
            return hits.Count == 1 ? "the best picture." : $"the {hits.Count} best pictures.";
        }

        int[] right = [.. hits.Index().Where(hit => hit.Item.Right == true).Select(hit => hit.Index + 1)];
        return right.Length == 0
            ? $"no right answer among the first {hits.Count}."
            : $"right {(right.Length == 1 ? "answer" : "answers")} at rank {Summary.Wording.List([.. right.Select(rank => $"{rank}")])}.";
    }

    private static XElement Hit(FoundPicture hit, int index)
    {
        string caption = hit.Captions.FirstOrDefault() ?? "";
        return new XElement(
            "li",
            hit.Right == true ? Markup.Class("right") : null,
            Markup.Image(hit.Picture, caption.Length > 0 ? caption : hit.Picture.Name),
            new XElement(
                "p",
                Markup.Class("rank"),
                new XElement("span", index + 1),
                new XElement("span", Markup.Class("hint"), new XAttribute("title", "Cosine similarity"), Score(hit.Score))),
            hit.Right == true ? new XElement("p", Markup.Class("mark"), "✓ right answer") : null,
            Markup.Foreign(caption.Length > 0 ? caption : hit.Picture.Name, "p"));
    }

    private static string Score(double score) =>
        double.IsFinite(score) ? score.ToString("F3", CultureInfo.InvariantCulture) : Units.Missing;
}
