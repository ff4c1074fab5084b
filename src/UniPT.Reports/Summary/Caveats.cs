using UniPT.Reports.Figures;

namespace UniPT.Reports.Summary;

/// <summary>Why figures of a comparison may not tell the methods apart.</summary>
internal static class Caveats
{
    internal static IEnumerable<string> Of(IReadOnlyList<MethodFigures> methods, RecallFigures? chance) =>
    [
        .. Unequal(methods),
        .. Seeds(methods),
        .. NearChance(methods, chance),
        .. methods.Where(method => method.Recalls is null).Select(method => $"{method.Label} has no recalls on the test split."),
    ];

    private static IEnumerable<string> Unequal(IReadOnlyList<MethodFigures> methods) =>
        from condition in Condition.All
        where !condition.IsShared(methods)
        let values = methods.GroupBy(condition.Value).Select(term => $"{term.Key} for {Labels(term)}")
        let touched = condition.Touched.Select(aspect => aspect.Name).ToArray()
        select $"Different {condition.Name.ToLowerInvariant()}: {string.Join(", ", values)}. So {Wording.List(touched)} " +
            $"{(touched.Length > 1 ? "are" : "is")} not compared on equal terms.";

    private static IEnumerable<string> Seeds(IReadOnlyList<MethodFigures> methods)
    {
        MethodFigures[] single = [.. methods.Where(method => method is { Recalls: not null, Seeds.Count: < 2 })];
        return methods.Count < 2 || single.Length == 0
            ? []
            : [$"One seed only for {Labels(single)}: small differences in quality may be chance."];
    }

    private static IEnumerable<string> NearChance(IReadOnlyList<MethodFigures> methods, RecallFigures? chance) =>
        from method in methods
        where chance is not null && method.Recalls?.RSum.Mean <= 1.5 * chance.RSum.Mean
        select $"{method.Label} is hardly better than chance, an rSum of {Units.Recall(method.Recalls!.RSum)} " +
            $"where a random order has {Units.Recall(chance!.RSum)}.";

    private static string Labels(IEnumerable<MethodFigures> methods) => Wording.List([.. methods.Select(method => method.Label)]);
}
