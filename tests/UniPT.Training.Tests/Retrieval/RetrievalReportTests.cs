using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Contracts;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

public sealed class RetrievalReportTests
{
    [Fact]
    public void The_figures_are_those_that_evaluations_give()
    {
        IReadOnlyDictionary<string, double> measured = RetrievalFigures.ByName(RetrievalMetrics.Compute([1, 0, 0, 1], 2, [0, 1]));

        Assert.Equal(measured.Keys.Order(), RetrievalReport.Figures.Select(figure => figure.Name).Order());
        Assert.Equal("rsum", FigureDefinition.PrimaryOf(RetrievalReport.Figures).Name);
    }

    [Fact]
    public void They_stand_in_three_groups() => Assert.Equal(
        [
            "Picture finds caption: R@1, R@5, R@10",
            "Caption finds picture: R@1, R@5, R@10",
            "Both ways: rSum, of 600",
        ],
        RetrievalReport.Figures.GroupBy(figure => figure.Group).Select(group => $"{group.Key}: {string.Join(", ", group.Select(figure => figure.Title))}"));

    [Fact]
    public void A_short_table_has_three() =>
        Assert.Equal(["i→t R@1", "t→i R@1", "rSum"], RetrievalReport.Figures.Select(figure => figure.ShortTitle).OfType<string>());
}
