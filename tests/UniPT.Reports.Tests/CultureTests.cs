using UniPT.Reports.Html;
using UniPT.Testing;

namespace UniPT.Reports.Tests;

/// <summary>Pages and figures are the same on every machine.</summary>
public sealed class CultureTests
{
    /// <summary>A decimal comma; a dotless i; a minus sign that is no hyphen.</summary>
    public static TheoryData<string> Cultures => ["de-DE", "tr-TR", "sv-SE"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void ReportsAreTheSame(string culture)
    {
        string expected = HtmlReport.Render(SampleReport.Create());
        In.Culture(culture, () => Assert.Equal(expected, HtmlReport.Render(SampleReport.Create())));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void FiguresAreTheSame(string culture) => In.Culture(culture, () =>
    {
        Assert.Equal("1.37 GiB", Units.Bytes(1_471_026_299));
        Assert.Equal("5,921,281", Units.Count(5_921_281));
        Assert.Equal("-12", Units.Count(-12));
        Assert.Equal("0.84 s", Units.Seconds(0.84));
    });
}
