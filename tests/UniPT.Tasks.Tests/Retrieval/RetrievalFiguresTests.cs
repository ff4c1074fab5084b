using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Contracts;


namespace UniPT.Tasks.Tests.Retrieval;

public sealed class RetrievalFiguresTests
{
    [Fact]
    public void The_figures_are_those_that_evaluations_give()
    {
        IReadOnlyDictionary<string, double> measured = RetrievalFigures.ByName(RetrievalMetrics.Compute([1, 0, 0, 1], 2, [0, 1]));

        Assert.Equal(measured.Keys.Order(), RetrievalFigures.All.Select(figure => figure.Name).Order());
        Assert.Equal("rsum", FigureDefinition.PrimaryOf(RetrievalFigures.All).Name);
    }

    [Fact]
    public void They_stand_in_three_groups() => Assert.Equal(
        [
            "Picture finds caption: R@1, R@5, R@10, Median rank",
            "Caption finds picture: R@1, R@5, R@10, Median rank",
            "Both ways: rSum, of 600",
        ],
        RetrievalFigures.All.GroupBy(figure => figure.Group).Select(group => $"{group.Key}: {string.Join(", ", group.Select(figure => figure.Title))}"));

    [Fact]
    public void A_short_table_has_three() =>
        Assert.Equal(["i→t R@1", "t→i R@1", "rSum"], RetrievalFigures.All.Select(figure => figure.ShortTitle).OfType<string>());
}
