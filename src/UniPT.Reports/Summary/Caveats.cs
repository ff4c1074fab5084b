using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Summary;

/// <summary>Why figures of a comparison may not tell the methods apart.</summary>
internal static class Caveats
{
    internal static IEnumerable<string> Of(
        IReadOnlyList<MethodFigures> methods, FigureDefinition primary, IReadOnlyDictionary<string, double>? chance) =>
    [
        .. Unequal(methods),
        .. Seeds(methods),
        .. NearChance(methods, primary, chance),
        .. methods.Where(method => !double.IsFinite(method.Mean(primary))).Select(method =>
            $"{method.Label} has no {(method.Figures is null ? "figures" : primary.ShortName())} on the test split."),
    ];

    private static IEnumerable<string> Unequal(IReadOnlyList<MethodFigures> methods) =>
        from condition in Condition.Of(methods)
        where !condition.IsShared(methods)
        let values = methods.GroupBy(condition.Value).Select(term => $"{term.Key} for {Labels(term)}")
        select $"Different {condition.Name.ToLowerInvariant()}: {string.Join(", ", values)}. So {Units.List(condition.Touched)} " +
            $"{(condition.Touched.Length > 1 ? "are" : "is")} not compared on equal terms.";

    private static IEnumerable<string> Seeds(IReadOnlyList<MethodFigures> methods)
    {
        MethodFigures[] single = [.. methods.Where(method => method is { Figures: not null, Seeds.Count: < 2 })];
        return methods.Count < 2 || single.Length == 0
            ? []
            : [$"One seed only for {Labels(single)}: small differences in quality may be chance."];
    }

    private static IEnumerable<string> NearChance(
        IReadOnlyList<MethodFigures> methods, FigureDefinition primary, IReadOnlyDictionary<string, double>? chance) =>
        chance is null || !chance.TryGetValue(primary.Name, out double guessing)
            ? []
            : from method in methods
              where primary.IsNearChance(method.Mean(primary), guessing)
              select $"{method.Label} is hardly better than chance: {primary.ShortName()} {Units.Figure(primary.Unit, method.Figure(primary))}, " +
                $"where guessing has {Units.Figure(primary.Unit, guessing)}.";

    private static string Labels(IEnumerable<MethodFigures> methods) => Units.List([.. methods.Select(method => method.Label)]);
}
