using System.Xml.Linq;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>The page of a comparison: one file that needs no network, for any width, light and dark, screen and paper.</summary>
public static class HtmlReport
{
    /// <summary>Makes the page.</summary>
    /// <exception cref="ArgumentException">Two sections have the same id, or one has that of a section that every report has.</exception>
    public static string Render(ComparisonReport report) => HtmlPage.Render(
        report.Title,
        SummarySection.Render(report),
        new XElement(
            "main",
            FiguresSection.Render(report),
            MemorySection.Render(report.Methods),
            FrontSection.Render(report),
            CurvesSection.Render(report),
            ConfidenceSection.Render(report.Examples),
            report.Sections.Select(section => section.Render())),
        FooterSection.Render(report));

    /// <summary>Writes the page beside the file and renames it into place.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, ComparisonReport report) => AtomicFile.WriteText(path, Render(report));
}
