using System.Globalization;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>The committed comparison of all methods as the table of docs/methods.md.</summary>
internal static class MethodTable
{
    /// <summary>A row a method, the best first.</summary>
    public static string Markdown(IReadOnlyList<MethodFigures> methods)
    {
        IReadOnlyList<MethodFigures> front = ParetoFront.Of(methods);
        IEnumerable<string> rows = methods.OrderByDescending(method => method.Recalls!.RSum.Mean).Select(method => string.Join(" | ",
            $"| [{method.Label}](../recipes/emoji-small/{method.Label}.yaml)",
            Units.Recall(method.Recalls!.RSum),
            Recalls(method.Recalls.ImageToText),
            Recalls(method.Recalls.TextToImage),
            Units.Count(method.TrainableParameters),
            Units.Bytes(method.StepMemory.Peak),
            front.Contains(method) ? "yes |" : "|"));
        return string.Join('\n', [
            "| Method | rSum | picture finds caption R@1/5/10 | caption finds picture R@1/5/10 | trained | tensors of a step | unbeaten |",
            "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
            .. rows]);
    }

    private static string Recalls(DirectionRecalls recalls) =>
        string.Join(" / ", new[] { recalls.RecallAt1, recalls.RecallAt5, recalls.RecallAt10 }.Select(recall => recall.Mean.ToString("f1", CultureInfo.InvariantCulture)));
}
