using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class RetrievalFiguresTests
{
    [Fact]
    public void The_figures_are_those_that_evaluations_give()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var metrics = RetrievalMetrics.Compute([1, 0, 0, 1], 2, [0, 1]);
        int[][] right = [[0], [1]];
        int[][] others = [[1], [0]];
        var further = new Crisscrossed { ImageToText = right, TextToImage = right, ImageToImage = others, TextToText = others };
        IEnumerable<string> measured = RetrievalFigures.ByName(metrics).Concat(RetrievalFigures.OfFolds(metrics)).Concat(RetrievalFigures.OfCrisscrossed(further, torch.eye(2), torch.eye(2)))
            .Select(figure => figure.Key);

        Assert.Equal(measured.Order(), RetrievalFigures.All.Select(figure => figure.Name).Order());
        Assert.Equal("rsum", FigureDefinition.PrimaryOf(RetrievalFigures.All).Name);
    }

    [Fact]
    public void They_stand_in_groups() => Assert.Equal(
        [
            "Picture finds caption: R@1, R@5, R@10, Median rank",
            "Caption finds picture: R@1, R@5, R@10, Median rank",
            "Both ways: rSum, of 600",
            "Picture finds caption, mean of folds: R@1, R@5, R@10",
            "Caption finds picture, mean of folds: R@1, R@5, R@10",
            "Both ways, mean of folds: rSum, of 600",
            "CxC: picture finds caption: R@1, R@5, R@10",
            "CxC: caption finds picture: R@1, R@5, R@10",
            "CxC: picture finds picture: R@1, R@5, R@10",
            "CxC: caption finds caption: R@1, R@5, R@10",
        ],
        RetrievalFigures.All.GroupBy(figure => figure.Group).Select(group => $"{group.Key}: {string.Join(", ", group.Select(figure => figure.Title))}"));

    [Fact]
    public void A_short_table_has_three() =>
        Assert.Equal(["i→t R@1", "t→i R@1", "rSum"], RetrievalFigures.All.Select(figure => figure.ShortTitle).OfType<string>());
}
