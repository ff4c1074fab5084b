using System.Globalization;
using System.Xml.Linq;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>How the figures were measured and with what.</summary>
internal static class FooterSection
{
    private static readonly string[] Memory =
    [
        "Memory of a training step is the step with the highest peak. Weights are all parameters and buffers, frozen ones and those " +
        "mapped from files included; gradients and optimizer state are those of the trained parameters; activations are all other " +
        "tensor bytes that live at the peak: what the backward pass needs, inputs and temporaries.",
        "Tensor bytes are counted where the tensor library allocates them. The process's peak is what the operating system counts, " +
        "code and runtime included. 1 GiB is 1024 MiB, 1 MiB is 1,048,576 bytes.",
    ];

    internal static XElement Render(ComparisonReport report) => new(
        "footer",
        new XElement("h2", "How this was measured"),
        Memory.Select(text => new XElement("p", text)),
        new XElement("p", string.Join(' ', report.Figures.Select(figure => figure.Meaning).OfType<string>().Distinct().Prepend("Time per epoch is training time without evaluation."))),
        report.Versions.Count == 0
            ? null
            : new XElement(
                "dl",
                report.Versions.Select(part => new XElement(
                    "div", new XElement("dt", Markup.Foreign(part.Name)), new XElement("dd", Markup.Foreign(part.Version))))),
        report.Data.Credit is null ? null : Markup.Foreign(report.Data.Credit, "p"),
        new XElement("p", "Made ", Time(report.Created), "."));

    private static XElement Time(DateTimeOffset time) => new(
        "time",
        new XAttribute("datetime", time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)),
        time.ToString("d MMMM yyyy, HH:mm 'UTC'zzz", CultureInfo.InvariantCulture));
}
