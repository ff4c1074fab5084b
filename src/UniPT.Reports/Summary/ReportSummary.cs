using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Summary;

/// <summary>Which method is best at what and what speaks against it, computed from the figures.</summary>
/// <param name="Headline">The comparison in a sentence.</param>
/// <param name="Verdicts">Quality, memory, time, parameters; none where there is nothing to compare.</param>
/// <param name="Caveats">Why figures may not tell the methods apart, as sentences.</param>
public sealed record ReportSummary(string Headline, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Caveats)
{
    /// <summary>Everything as sentences, for the terminal.</summary>
    public IReadOnlyList<string> Sentences() => [Headline, .. Verdicts.Select(verdict => verdict.Sentence), .. Caveats];

    /// <summary>Compares methods.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="figures">The task's figures; the primary one tells which method is better.</param>
    /// <param name="chance">What guessing would reach, by name; null where unknown.</param>
    public static ReportSummary Of(
        IReadOnlyList<MethodFigures> methods, IReadOnlyList<FigureDefinition> figures, IReadOnlyDictionary<string, double>? chance)
    {
        var primary = FigureDefinition.PrimaryOf(figures);
        Verdict[] verdicts = methods.Count < 2 ? [] : [.. Aspect.Of(primary).Select(aspect => Verdict.Of(aspect, methods))];
        return new ReportSummary(HeadlineOf(methods, verdicts), verdicts, [.. Summary.Caveats.Of(methods, primary, chance)]);
    }

    private static string HeadlineOf(IReadOnlyList<MethodFigures> methods, Verdict[] verdicts)
    {
        if (methods.Count < 2)
        {
            return methods.Count == 0 ? "No method was measured." : $"Only {methods[0].Label} was measured: there is nothing to compare it with.";
        }

        string[] everywhere = [.. methods.Select(method => method.Label).Where(label => verdicts.All(verdict => verdict.Best.Count == 0 || verdict.Best.Contains(label)))];
        if (everywhere.Length > 0)
        {
            return everywhere.Length == methods.Count
                ? "The figures do not tell the methods apart."
                : $"{Units.List(everywhere)} {(everywhere.Length > 1 ? "are" : "is")} best, or level with the best, at everything measured.";
        }

        IEnumerable<string> wins =
            from verdict in verdicts
            where verdict.Best.Count > 0 && verdict.Best.Count < methods.Count
            group verdict.Aspect by Units.List(verdict.Best) into winners
            select $"at {Units.List([.. winners])}: {winners.Key}";
        string[] level = [.. verdicts.Where(verdict => verdict.Best.Count == methods.Count).Select(verdict => verdict.Aspect)];
        return $"Best {string.Join("; ", wins)}.{(level.Length > 0 ? $" Level at {Units.List(level)}." : "")} No method is best at everything.";
    }
}
