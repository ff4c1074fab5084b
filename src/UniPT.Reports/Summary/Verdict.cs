using UniPT.Reports.Figures;

namespace UniPT.Reports.Summary;

/// <summary>Which method is best at one thing.</summary>
/// <param name="Aspect">The thing: quality, memory, time or parameters.</param>
/// <param name="Measure">What being best means.</param>
/// <param name="Best">Labels of the best methods; several where they tie, none where nothing was measured.</param>
/// <param name="Value">The best figure; the figures in the order of <paramref name="Best"/> where they tie.</param>
/// <param name="Others">How each other method compares, best first.</param>
public sealed record Verdict(
    string Aspect, string Measure, IReadOnlyList<string> Best, string Value, IReadOnlyList<string> Others)
{
    /// <summary>The verdict as a sentence.</summary>
    public string Sentence
    {
        get
        {
            string winner = Best.Count switch
            {
                0 => "not measured",
                1 => $"{Best[0]} with {Value}",
                _ => $"{Units.List(Best)} tie at {Value}",
            };
            return $"{Measure}: {winner}{(Others.Count > 0 ? $"; {string.Join(", ", Others)}" : "")}.";
        }
    }

    internal static Verdict Of(Aspect aspect, IReadOnlyList<MethodFigures> methods)
    {
        IReadOnlyList<MethodFigures> best = aspect.Best(methods);
        IEnumerable<string> others = methods
            .Where(method => !best.Contains(method))
            .OrderByDescending(aspect.Measured)
            .ThenByDescending(aspect.Merit)
            .Select(method => aspect.Measured(method)
                ? $"{method.Label} {aspect.Beside(method, best[0])}"
                : $"{method.Label} has no figure");
        return new Verdict(
            aspect.Name,
            aspect.Measure,
            [.. best.Select(method => method.Label)],
            Units.List([.. best.Select(aspect.Format).Distinct()]),
            [.. others]);
    }
}
