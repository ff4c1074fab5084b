using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Reports.Summary;
using UniPT.Reports.Table;
using UniPT.Reports.Tests.Html;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Tests;

/// <summary>A report over made-up figures of a task that is no retrieval: the smaller the primary one the better, and without a chance level.</summary>
public sealed class OtherTaskTests
{
    private static readonly FigureDefinition Perplexity = new("perplexity", "Perplexity", "Language")
    {
        Unit = FigureUnit.Number,
        LargerIsBetter = false,
        IsPrimary = true,
        Meaning = "Perplexity is how many words the next one might be.",
    };

    private static readonly FigureDefinition Rank = new("rank", "Median rank", "Words") { Unit = FigureUnit.Rank, LargerIsBetter = false };
    private static readonly FigureDefinition Accuracy = new("accuracy", "Accuracy", "Words");
    private static readonly FigureDefinition[] Figures = [Perplexity, Accuracy, Rank];
    private static readonly MethodFigures Small = Method(SampleReport.Head, (Perplexity, new(52.13, 0.21)), (Accuracy, new(31.2)), (Rank, new(12)));
    private static readonly MethodFigures Large = Method(SampleReport.UniPT, (Perplexity, new(31.4, 0.3)), (Accuracy, new(40.1)));
    private static readonly Dictionary<string, double> Chance = new() { ["accuracy"] = 25 };

    private static ComparisonReport Report => SampleReport.Create() with
    {
        Data = new DataFacts("words.txt", [new("train", 1200), new("val", 100), new("test", 300, "300 sentences"), new("odd", 1, "1 sentence")]),
        Figures = Figures,
        Chance = Chance,
        Methods = [Small, Large],
        Curves = [new Curve(Small.Label, [3, 2, 1], [90, 52.1]), new Curve(Large.Label, [3, 2], [70, 31.4])],
        Examples = [new ConfidenceExample("sentence 1", null, "A sentence.", [new("Encoder", [new("layer 1", 0.4), new("layer 2", 0.6)]), new("Decoder", [new("layer 1", 1)])])],
        Sections = [],
    };

    [Fact]
    public void The_smallest_primary_figure_is_best()
    {
        ReportSummary summary = Report.Summary;
        Assert.Equal("Lowest Perplexity on the test split: UniPT with 31.4 ± 0.3; Linear head 52.13 ± 0.21.", summary.Verdicts[0].Sentence);
        Assert.Equal(["Linear head", "UniPT"], ParetoFront.Of([Large, Small], Perplexity).Select(method => method.Label));
        Assert.Equal(["Linear head"], ParetoFront.Of([Small, Large with { Figures = Small.Figures }], Perplexity).Select(method => method.Label));
        Assert.Equal(["UniPT", "Linear head"], Report.BestFirst().Methods.Select(method => method.Label));
        Assert.Equal(["UniPT", "Linear head"], Report.BestFirst().Curves.Select(curve => curve.Label));
    }

    [Fact]
    public void Figures_that_look_alike_tie()
    {
        MethodFigures near = Method(SampleReport.UniPT, (Perplexity, new(52.134)));
        Assert.Equal(2, ReportSummary.Of([Method(SampleReport.Head, (Perplexity, new(52.13))), near], Figures, null).Verdicts[0].Best.Count);
        Assert.Single(ReportSummary.Of([Method(SampleReport.Head, (Perplexity, new(52.12))), near], Figures, null).Verdicts[0].Best);
    }

    [Fact]
    public void The_table_has_the_tasks_groups_units_and_directions()
    {
        IReadOnlyList<FigureGroup> groups = FigureTable.Of(Report.Methods, Figures, Chance);

        Assert.Equal(["Language", "Words"], groups.Take(2).Select(group => group.Name));
        FigureRow perplexity = groups[0].Rows.Single();
        Assert.Equal([new("52.13", "± 0.21"), new("31.4", "± 0.3", true)], perplexity.Cells);
        Assert.Null(perplexity.Chance);
        Assert.Equal(("Accuracy", "25.0"), (groups[1].Rows[0].Name, groups[1].Rows[0].Chance));
    }

    [Fact]
    public void A_figure_that_a_method_does_not_have_is_an_empty_cell()
    {
        FigureRow rank = FigureTable.Of(Report.Methods, Figures, Chance)[1].Rows[1];
        Assert.Equal([new("12"), new("–")], rank.Cells);

        MethodFigures without = Method(SampleReport.Full, (Accuracy, new(3)));
        ComparisonReport report = Report with { Methods = [without, Small, Large] };
        Assert.Contains("Full fine-tuning has no Perplexity on the test split.", report.Summary.Caveats);
        Assert.Equal(["UniPT", "Linear head", "Full fine-tuning"], report.BestFirst().Methods.Select(method => method.Label));
        Assert.DoesNotContain("NaN", HtmlReport.Render(report));
    }

    [Fact]
    public void The_page_speaks_of_the_tasks_figures_alone()
    {
        XElement page = PageChecks.Parse(HtmlReport.Render(Report));

        Assert.Contains("words.txt: 1,200 examples to train on, 100 examples to choose the best epoch by, 300 sentences to test on, 1 sentence in odd.", page.Value);
        Assert.Contains("The epoch with the lowest Perplexity is kept.", page.Value);
        Assert.Contains("Further left and lower is better.", page.Value);
        Assert.Contains("Perplexity of every epoch", page.Value);
        Assert.Contains("In percent: Accuracy.", page.Value);
        Assert.Contains("Perplexity is how many words the next one might be.", page.Descendants("footer").Single().Value);
        Assert.Equal(["Encoder", "Decoder"], page.Descendants("caption").Select(stream => stream.Value));
        Assert.DoesNotMatch("(?i)recall|rsum|caption|picture", page.Element("body")!.Value);
    }

    [Fact]
    public void Without_a_chance_level_nothing_is_near_it()
    {
        Assert.DoesNotContain(Report.Summary.Caveats, caveat => caveat.Contains("chance:"));
        Assert.DoesNotContain("Chance", PageChecks.Parse(HtmlReport.Render(Report with { Chance = null })).Descendants("th").Select(head => head.Value));
    }

    [Theory]
    [InlineData(true, FigureUnit.Points, 12, 8, true)]
    [InlineData(true, FigureUnit.Points, 12.1, 8, false)]
    [InlineData(true, FigureUnit.Percent, 55, 50, true)]
    [InlineData(true, FigureUnit.Percent, 60, 50, false)]
    [InlineData(true, FigureUnit.Percent, 40, 50, true)]
    [InlineData(false, FigureUnit.Percent, 46, 50, true)]
    [InlineData(false, FigureUnit.Percent, 40, 50, false)]
    [InlineData(false, FigureUnit.Number, 70, 100, true)]
    [InlineData(false, FigureUnit.Number, 60, 100, false)]
    [InlineData(true, FigureUnit.Number, double.NaN, 100, false)]
    public void What_guessing_reaches_is_near_chance(bool largerIsBetter, FigureUnit unit, double value, double chance, bool near) =>
        Assert.Equal(near, new FigureDefinition("a", "A", "All") { LargerIsBetter = largerIsBetter, Unit = unit }.IsNearChance(value, chance));

    private static MethodFigures Method(MethodFigures sample, params (FigureDefinition Figure, Statistic Value)[] figures) => sample with
    {
        Figures = figures.ToDictionary(figure => figure.Figure.Name, figure => figure.Value),
        Conditions = sample.Conditions with { Inputs = new Dictionary<string, string>() },
    };
}
