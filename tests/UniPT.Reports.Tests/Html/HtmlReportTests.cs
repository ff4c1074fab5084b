using System.Globalization;
using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Tasks.Shared.Search;
using UniPT.Testing;
using UniPT.Training.Loop;

namespace UniPT.Reports.Tests.Html;

public sealed class HtmlReportTests
{
    private static readonly ComparisonReport Sample = SampleReport.Create();

    [Fact]
    public void Every_section_is_there()
    {
        XElement page = PageChecks.Parse(HtmlReport.Render(Sample));
        Assert.Equal(
            ["figures", "memory", "front", "curves", "confidence", "searches"],
            page.Descendants("section").Select(section => section.Attribute("aria-labelledby")!.Value));
        Assert.Equal(4, page.Find("ul", "rSum").Elements("li").Count());
        Assert.Equal(3, page.Descendants("svg").Count(drawing => (string?)drawing.Attribute("class") == "chart"));
        Assert.Contains("How this was measured", page.Descendants("footer").Single().Value);
        Assert.Contains("libtorch", page.Descendants("footer").Single().Value);
    }

    [Fact]
    public void The_table_has_a_column_for_each_method_and_marks_the_best()
    {
        XElement table = PageChecks.Parse(HtmlReport.Render(Sample)).Descendants("table").First();
        Assert.Equal(["Linear head", "UniPT", "Full fine-tuning", "Chance"], table.Element("thead")!.Descendants("th").Select(head => head.Value));
        Assert.Equal(["rSum, of 600", "189.2 ± 2.4", "203.4 ± 2.9 (best)", "92.7", "8.0"], Cells(table, "rSum"));
        Assert.Equal(["Activations", "9.00 MiB (best)", "37.0 MiB", "611 MiB", ""], Cells(table, "Activations"));
        Assert.Equal(["Epochs", "15", "15", "2", ""], Cells(table, "Epochs"));
        Assert.Equal(["Best epoch", "13, 14, 12", "13, 14, 12", "2", ""], Cells(table, "Best epoch"));
        // Equal for all: said in a sentence, no row of its own.
        Assert.DoesNotContain(table.Descendants("th"), head => head.Value == "Batch size");
    }

    [Fact]
    public void Bars_share_one_scale_and_are_stacked_by_part()
    {
        XElement[] bars = [.. PageChecks.Parse(HtmlReport.Render(Sample)).Descendants("figure")
            .Where(figure => (string?)figure.Attribute("class") == "memory")];
        Assert.Equal(3, bars.Length);
        Assert.All(bars, bar => Assert.Equal(
            ["weights", "activations", "gradients", "optimizer"], bar.Descendants("rect").Select(part => part.Attribute("class")!.Value)));
        Assert.Equal(100, Width(bars[2]), 0.05);
        Assert.Equal(100.0 * 61 / 786, Width(bars[0]), 0.05);
        Assert.Contains("Activations 611 MiB", bars[2].Value);

        static double Width(XElement bar) => bar.Descendants("rect").Sum(part => double.Parse(part.Attribute("width")!.Value.TrimEnd('%'), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Confidence_bars_of_all_examples_share_one_scale()
    {
        ConfidenceExample strong = Sample.Examples[0] with { Streams = [new("image", [new("a", 0.2), new("b", 0.8)]), new("text", [new("c", 1.0)])] };
        ConfidenceExample weak = strong with { Streams = [new("image", [new("d", 0.5), new("e", 0.5)]), new("text", [])] };
        XElement page = PageChecks.Parse(HtmlReport.Render(Sample with { Examples = [strong, weak] }));
        Assert.Equal(
            ["20%", "80%", "100%", "50%", "50%"],
            page.Descendants("rect").Where(bar => (string?)bar.Attribute("class") == "share").Select(bar => bar.Attribute("width")!.Value));
    }

    [Fact]
    public void Text_of_others_is_escaped_and_keeps_its_direction()
    {
        const string Script = "<script>alert(1)</script>\" onload='x' & \u0000\u001b\ud800";
        const string RightToLeft = "قطة على أريكة";
        FoundPicture hit = SampleReport.Searches()[0].Hits[0] with { Captions = [Script] };
        ComparisonReport report = Sample with
        {
            Title = Script,
            Data = Sample.Data with { Name = Script, Credit = Script },
            Methods = [SampleReport.UniPT with { Label = Script, Note = Script }, SampleReport.Head],
            Examples = [Sample.Examples[0] with { Text = Script, Streams = [new StreamWeights(Script, [new LayerWeight(Script, 1)])] }],
            Sections = [SearchSection.Of([new SearchResult(Script, RightToLeft, null, [hit]), new SearchResult("a", Script, null, [hit])])!],
        };
        string page = HtmlReport.Render(report);
        Assert.DoesNotContain("<script", page);
        XElement html = PageChecks.Parse(page);
        Assert.StartsWith("<script>alert(1)</script>\" onload='x' & \ufffd\ufffd\ufffd", html.Descendants("h1").Single().Value);
        Assert.Equal("auto", html.Find("bdi", RightToLeft).Attribute("dir")!.Value);
    }

    [Fact]
    public void Figures_may_be_missing()
    {
        var failed = SampleReport.Full with
        {
            Figures = null,
            SecondsPerEpoch = double.NaN,
            TotalParameters = 0,
            TrainableParameters = 0,
            StepMemory = new StepMemory(0, 0, 0, 0),
            BestEpochs = [],
        };
        var curve = new Curve(failed.Label, [1, double.NaN], [double.NaN]);
        var example = Sample.Examples[0] with { Streams = [new("image", []), new("text", [new LayerWeight("only", double.NaN)])] };
        var hit = new FoundPicture(Picture.Of("broken.png", new byte[3]), double.NaN, []);
        XElement page = PageChecks.Parse(HtmlReport.Render(Sample with
        {
            Chance = null,
            Methods = [failed],
            Curves = [curve],
            Examples = [example],
            Sections = [SearchSection.Of([new SearchResult("a", "", null, [hit]), new SearchResult("a", "nothing", null, [])])!],
            Versions = [],
        }));
        Assert.Equal(["Time per epoch", "–"], Cells(page.Descendants("table").First(), "Time per epoch"));
        Assert.Contains("broken.png cannot be shown", page.Value);
        Assert.Contains("nothing found", page.Value);
        Assert.Contains("Only Full fine-tuning was measured", page.Value);
        Assert.DoesNotContain("(best)", page.Value);
    }

    [Fact]
    public void An_empty_report_is_a_page()
    {
        var nothing = new DataFacts("nothing", []);
        XElement page = PageChecks.Parse(HtmlReport.Render(
            new ComparisonReport("Empty", DateTimeOffset.UnixEpoch, nothing, SampleReport.Figures, null, [], [], [], [], [])));
        Assert.Empty(page.Descendants("section"));
        Assert.Contains("No method was measured.", page.Value);
    }

    [Fact]
    public void A_method_keeps_its_colour_when_curves_come_in_another_order()
    {
        XElement page = PageChecks.Parse(HtmlReport.Render(Sample with { Curves = [Sample.Curves[2], Sample.Curves[0]] }));
        XElement label = page.Descendants("g").First(group => ((string?)group.Attribute("class"))?.StartsWith("end") == true && group.Value == "Full fine-tuning");
        Assert.Equal("end series-2", label.Attribute("class")!.Value);
    }

    [Fact]
    public void A_page_is_written_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run", "report.html");
        HtmlReport.Write(path, Sample);
        Assert.Equal(HtmlReport.Render(Sample), File.ReadAllText(path));
    }

    private static string[] Cells(XElement table, string row) =>
        [.. table.Descendants("tr").First(line => line.Value.StartsWith(row, StringComparison.Ordinal) && line.Elements().Count() > 1).Elements().Select(cell => cell.Value)];
}
