using System.Globalization;
using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>The committed comparison of all methods as the table of docs/methods.md.</summary>
internal static class MethodTable
{
    /// <summary>A row a method, the best first.</summary>
    public static string Markdown(IReadOnlyList<MethodFigures> methods)
    {
        IReadOnlyList<MethodFigures> front = ParetoFront.Of(methods, SampleReport.Primary);
        IEnumerable<string> rows = methods.OrderByDescending(method => method.Figures!["rsum"].Mean).Select(method => string.Join(" | ",
            $"| [{method.Label}](../recipes/emoji-small/{method.Label}.yaml)",
            Units.Figure(FigureUnit.Points, method.Figures!["rsum"]),
            Recalls(method, "i2t"),
            Recalls(method, "t2i"),
            Units.Count(method.TrainableParameters),
            Units.Bytes(method.StepMemory.Peak),
            front.Contains(method) ? "yes |" : "|"));
        return string.Join('\n', [
            "| Method | rSum | picture finds caption R@1/5/10 | caption finds picture R@1/5/10 | trained | tensors of a step | unbeaten |",
            "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
            .. rows]);
    }

    private static string Recalls(MethodFigures method, string direction) =>
        string.Join(" / ", new[] { 1, 5, 10 }.Select(k => method.Figures![$"{direction}_r{k}"].Mean.ToString("f1", CultureInfo.InvariantCulture)));
}
