using UniPT.Reports.Summary;

namespace UniPT.Reports.Figures;

/// <summary>Everything that a comparison of methods shows; <see cref="Html.HtmlReport"/> makes the page.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Data">The data set.</param>
/// <param name="Chance">The recalls of a random order; null where unknown.</param>
/// <param name="Methods">The methods, in the order to show them.</param>
/// <param name="Curves">One for each method at most.</param>
/// <param name="Examples">Confidence of a few examples.</param>
/// <param name="Searches">A few searches.</param>
/// <param name="Versions">What took part.</param>
public sealed record ComparisonReport(
    string Title,
    DateTimeOffset Created,
    DataFacts Data,
    RecallFigures? Chance,
    IReadOnlyList<MethodFigures> Methods,
    IReadOnlyList<Curve> Curves,
    IReadOnlyList<ConfidenceExample> Examples,
    IReadOnlyList<SearchResult> Searches,
    IReadOnlyList<ComponentVersion> Versions)
{
    /// <summary>Which method is best at what, computed from the figures.</summary>
    public ReportSummary Summary => ReportSummary.Of(Methods, Chance);
}
