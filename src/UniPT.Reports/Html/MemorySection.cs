using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;
using UniPT.Training.Loop;

namespace UniPT.Reports.Html;

/// <summary>What a training step holds in tensors, a bar for each method on a common scale.</summary>
internal static class MemorySection
{
    internal static XElement? Render(IReadOnlyList<MethodFigures> methods)
    {
        long? most = methods.Max(method => method.StepMemory.Peak);
        return methods.All(method => method.StepMemory.Peak == 0)
            ? null
            : Markup.Section(
                "memory",
                "Memory of a training step",
                new XElement("p", Markup.Class("hint"), $"Tensor bytes at the step's peak, by part.{(most is null ? "" : $" The whole width is {Units.Bytes(most)}.")}"),
                methods.Select(method => Bar(method, most)));
    }

    private static XElement Bar(MethodFigures method, long? most)
    {
        StepMemory memory = method.StepMemory;
        (string Name, string Style, long? Value)[] parts =
        [
            ("Weights", "weights", memory.Weights),
            ("Activations", "activations", memory.Activations),
            ("Gradients", "gradients", memory.Gradients),
            ("Optimizer", "optimizer", memory.Optimizer),
        ];
        return new XElement(
            "figure",
            Markup.Class("memory"),
            new XElement(
                "figcaption",
                new XElement("strong", Markup.Foreign(method.Label)),
                $" {Units.Bytes(memory.Peak)}",
                new XElement("span", Markup.Class("hint"), $"; the process's peak is {Units.Bytes(method.ProcessPeak)}")),
            memory.Peak is null ? null : StackedBar.Render([.. parts.Select(part => (part.Name, part.Style, (double)part.Value!.Value))], most!.Value),
            new XElement("ul", Markup.Class("parts"), parts.Select(Part)));
    }

    private static XElement Part((string Name, string Style, long? Value) part) => new(
        "li",
        new XElement("span", Markup.Class($"swatch {part.Style}"), new XAttribute("aria-hidden", "true")),
        $"{part.Name} {Units.Bytes(part.Value)}");
}
