using Spectre.Console;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Reports.Table;

namespace UniPT.Cli.Output;

/// <summary>A comparison on the terminal and as a page.</summary>
internal static class ComparisonOutput
{
    /// <summary>Shows the table and the summary, and writes the page.</summary>
    internal static void Write(ComparisonReport report, string page, TextWriter output)
    {
        AnsiConsole.Write(MethodTable.Create(report));
        output.WriteLine(FigureTable.Shared(report.Methods));
        foreach (string sentence in report.Summary.Sentences())
        {
            output.WriteLine(sentence);
        }

        HtmlReport.Write(page, report);
        output.WriteLine($"Report: {page}");
    }
}
