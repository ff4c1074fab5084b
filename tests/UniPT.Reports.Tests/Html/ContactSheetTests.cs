using System.Xml.Linq;
using UniPT.Tasks.Shared.Search;
using UniPT.Testing;

namespace UniPT.Reports.Tests.Html;

public sealed class ContactSheetTests
{
    private static readonly IReadOnlyList<SearchResult> Searches = SampleReport.Searches();

    [Fact]
    public void Hits_are_shown_best_first_with_rank_score_and_caption()
    {
        XElement page = PageChecks.Parse(ContactSheet.Render("Search", "400 pictures", Searches));
        XElement[] lists = [.. page.Descendants("ol")];
        Assert.Equal([10, 10, 6], lists.Select(list => list.Elements("li").Count()));
        XElement third = lists[0].Elements("li").ElementAt(2);
        Assert.Equal("right", third.Attribute("class")!.Value);
        Assert.Equal(["30.650", "✓ right answer", Searches[0].Hits[2].Captions[0]], third.Elements("p").Select(line => line.Value));
        Assert.Contains("right answer at rank 3.", page.Value);
        Assert.Contains("no right answer among the first 10.", page.Value);
        Assert.Contains("the 6 best pictures.", page.Value);
    }

    [Fact]
    public void A_search_by_picture_shows_the_picture()
    {
        XElement page = PageChecks.Parse(ContactSheet.Render("Search", "400 pictures", [Searches[2]]));
        Assert.Contains($"Pictures like {Searches[2].Picture!.Name}", page.Value);
        Assert.Equal(7, page.Descendants("img").Count());
    }

    [Fact]
    public void Queries_may_be_odd()
    {
        string longest = new('ж', 10_000);
        SearchResult[] searches = [.. new[] { "", longest, "🙂‍↔️ שלום" }.Select(query => Searches[0] with { Text = query })];
        XElement page = PageChecks.Parse(ContactSheet.Render("Search", "pictures", searches));
        Assert.Equal(["“”", $"“{longest}”", "“🙂‍↔️ שלום”"], page.Descendants("h3").Select(heading => heading.Value));
        Assert.Contains("Nothing was searched for.", PageChecks.Parse(ContactSheet.Render("Search", "pictures", [])).Value);
    }

    [Fact]
    public void A_sheet_is_written_whole()
    {
        using var folder = new TemporaryFolder();
        ContactSheet.Write(folder.File("sheet.html"), "Search", "pictures", Searches);
        Assert.Equal(ContactSheet.Render("Search", "pictures", Searches), File.ReadAllText(folder.File("sheet.html")));
    }
}
