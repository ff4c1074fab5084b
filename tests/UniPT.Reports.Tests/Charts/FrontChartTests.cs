using System.Xml.Linq;
using UniPT.Reports.Charts;

namespace UniPT.Reports.Tests.Charts;

public sealed class FrontChartTests
{
    [Fact]
    public void Every_method_is_a_labelled_point_and_the_front_a_line()
    {
        XElement chart = FrontChart.Render([SampleReport.Head, SampleReport.UniPT, SampleReport.Full], SampleReport.Primary)!;

        Assert.Equal(3, chart.Descendants().Count(element => (string?)element.Attribute("class") == "marker"));
        Assert.Equal(3, chart.Descendants().Count(element => ((string?)element.Attribute("class"))?.StartsWith("end ", StringComparison.Ordinal) == true));
        string line = (string)chart.Elements("path").Single().Attribute("d")!;
        Assert.Equal(1, line.Count(character => character == 'L'));
        Assert.Contains("Full fine-tuning 92.7 at 786 MiB", (string)chart.Attribute("aria-label")!);
    }

    [Fact]
    public void One_method_is_no_comparison() => Assert.Null(FrontChart.Render([SampleReport.Head], SampleReport.Primary));
}
