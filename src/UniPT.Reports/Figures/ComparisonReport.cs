using UniPT.Reports.Sections;
using UniPT.Reports.Summary;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Figures;

/// <summary>Everything that a comparison of methods shows; <see cref="Html.HtmlReport"/> makes the page.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Data">The data set.</param>
/// <param name="Figures">The task's figures in the order to show them, those of a group together; exactly one is primary.</param>
/// <param name="Chance">What guessing would reach, by the figure's name; one that has no chance level is left out. Null where none is known.</param>
/// <param name="Methods">The methods, in the order to show them.</param>
/// <param name="Curves">One for each method at most.</param>
/// <param name="Examples">Confidence of a few examples.</param>
/// <param name="Sections">What the task adds.</param>
/// <param name="Versions">What took part.</param>
public sealed record ComparisonReport(
    string Title,
    DateTimeOffset Created,
    DataFacts Data,
    IReadOnlyList<FigureDefinition> Figures,
    IReadOnlyDictionary<string, double>? Chance,
    IReadOnlyList<MethodFigures> Methods,
    IReadOnlyList<Curve> Curves,
    IReadOnlyList<ConfidenceExample> Examples,
    IReadOnlyList<ReportSection> Sections,
    IReadOnlyList<ComponentVersion> Versions)
{
    /// <summary>Which method is best at what, computed from the figures.</summary>
    public ReportSummary Summary => ReportSummary.Of(Methods, Figures, Chance);

    /// <summary>The figure by which methods are ranked.</summary>
    internal FigureDefinition Primary => FigureDefinition.PrimaryOf(Figures);

    /// <summary>The same with the best methods first, by the primary figure; those without one come last.</summary>
    public ComparisonReport BestFirst()
    {
        MethodFigures[] ranked = [.. Methods.OrderByDescending(method => method.Mean(Primary) is var value && double.IsFinite(value) ? Primary.Merit(value) : double.NegativeInfinity)];
        string[] labels = [.. ranked.Select(method => method.Label)];
        return this with { Methods = ranked, Curves = [.. Curves.OrderBy(curve => Array.IndexOf(labels, curve.Label))] };
    }
}

/// <summary>What took part in a measurement, such as the processor, libtorch or the BLAS.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Version">Its version or make.</param>
public sealed record ComponentVersion(string Name, string Version);
