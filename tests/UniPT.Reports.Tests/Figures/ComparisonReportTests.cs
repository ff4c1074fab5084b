using System.Text.Json;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Testing;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests.Figures;

public sealed class ComparisonReportTests
{
    [Fact]
    public void A_report_survives_a_file()
    {
        using var folder = new TemporaryFolder();
        ComparisonReport report = SampleReport.Create();
        report = report with { Curves = [new Curve("a", [1, double.NaN], [])] };
        JsonFile.Write(folder.File("report.json"), report);
        ComparisonReport read = JsonFile.Read<ComparisonReport>(folder.File("report.json"), "a report");
        JsonFile.Write(folder.File("again.json"), read);

        Assert.Equal(File.ReadAllText(folder.File("report.json")), File.ReadAllText(folder.File("again.json")));
        Assert.Equal(report.Methods[1].Figures, read.Methods[1].Figures);
        Assert.Equal(report.Methods[2].StepMemory, read.Methods[2].StepMemory);
        Assert.Equal(report.Curves[0].Loss, read.Curves[0].Loss);
        Assert.Equal(HtmlReport.Render(report), HtmlReport.Render(read));

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder.File("report.json")));
        JsonElement unipt = json.RootElement.GetProperty("methods")[1];
        Assert.Equal(3_412_865, unipt.GetProperty("trainable_parameters").GetInt64());
        Assert.Equal(37 << 20, unipt.GetProperty("step_memory").GetProperty("activations").GetInt64());
        Assert.Equal(203.4, unipt.GetProperty("figures").GetProperty("rsum").GetProperty("mean").GetDouble());
        Assert.Contains("UniPT", json.RootElement.GetProperty("summary").GetProperty("headline").GetString());
    }
}
