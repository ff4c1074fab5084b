using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Reports.Sections;
using UniPT.Reports.Tests.Html;

namespace UniPT.Reports.Tests.Sections;

public sealed class ReportSectionTests
{
    private const string Script = "<script>alert(1)</script>\" onload='x' &";
    private static readonly Picture Broken = Picture.Of(Script, new byte[3]);

    [Fact]
    public void Every_part_shows_text_as_text()
    {
        var section = new ReportSection("answers", Script,
        [
            new Paragraph([Script, ReportText.Quote(Script)]),
            new Block([Script], [new SinglePicture(Broken, Script), new Gallery([new GalleryItem(Broken, Script, Script, Script, Script)])]),
        ]);
        string page = SectionPage.Render("Title", Script, [section], "Nothing.");

        Assert.DoesNotContain("<script", page);
        XElement html = PageChecks.Parse(page);
        Assert.Equal(Script, html.Descendants("h2").Single().Value);
        Assert.Equal(Script + Script, html.Descendants("section").Single().Elements("p").Single().Value);
        Assert.Equal(Script, html.Descendants("li").Single().Descendants("span").Single(span => (string?)span.Attribute("class") == "hint").Attribute("title")!.Value);
    }

    [Fact]
    public void Quoted_words_keep_their_direction_and_asides_stand_back()
    {
        XElement section = new ReportSection("a", "A", [new Paragraph(["query: ", ReportText.Quote("قطة")], IsAside: true)]).Render();

        Assert.Equal("hint", (string?)section.Element("p")!.Attribute("class"));
        Assert.Equal("قطة", section.Descendants("bdi").Single().Value);
    }

    [Fact]
    public void A_report_has_the_sections_of_its_task_after_its_own()
    {
        ComparisonReport report = SampleReport.Create() with { Sections = [new("second", "B", []), new("first", "A", [])] };

        Assert.Equal(
            ["confidence", "second", "first"],
            PageChecks.Parse(HtmlReport.Render(report)).Descendants("section").Select(section => section.Attribute("aria-labelledby")!.Value).TakeLast(3));
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("mine")]
    public void Two_sections_of_one_id_are_refused(string id)
    {
        ComparisonReport report = SampleReport.Create() with { Sections = [new("mine", "A", []), new(id, "B", [])] };

        Assert.Contains($"have the id {id}", Assert.Throws<ArgumentException>(() => HtmlReport.Render(report)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Two Words")]
    [InlineData("1st")]
    [InlineData("line\n")]
    public void An_id_is_a_name(string id) => Assert.Contains("expected small letters", Assert.Throws<ArgumentException>(() => new ReportSection(id, "A", [])).Message);
}
