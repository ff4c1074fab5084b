using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Data;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Tests.Grounding;

public sealed class GroundingFiguresTests
{
    private static readonly GroundingDataOptions One = new() { Path = ".", Dataset = ReferringDataSet.Refcoco };

    /// <summary>More than half of each is shared, 0.535, but by the generalised measure that is less than a half.</summary>
    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 50)]
    public void TheMeasureOfOverlapIsAnOption(bool generalized, double first)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Expression[] expressions = [Of("testA"), Of("testB")];
        Tensor rows = TensorData.From([0.5f, -0.022f, 0.022f, 0.086f, 0.094f, 0.5f, 0f, 0f, 0.1f, 0.1f], 2, 1, 5);
        var figures = GroundingFigures.Measure(new GroundingOptions { GeneralizedIou = generalized }, One, expressions, rows);
        Assert.Equal(["p1", "p5", "p10", "mean_iou", "p1_test_a", "p1_test_b"], figures.Keys);
        Assert.Equal([first, first, first], new[] { figures["p1"], figures["p5"], figures["p10"] });
        Assert.Equal((generalized ? 0 : 100, 100), (figures["p1_test_a"], figures["p1_test_b"]));
        Assert.Equal((53.5 + 100) / 2, figures["mean_iou"], 0.05);
    }

    [Fact]
    public void WhatIsNoNumberIsSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = torch.full([1, 1, 5], Scalars.Of(double.NaN));
        Assert.Contains("not a number any more", Assert.Throws<UserException>(() => GroundingFigures.Measure(new(), One, [Of("")], rows)).Message);
    }

    [Fact]
    public void PartsAreThoseOfTheRecipe()
    {
        Assert.Equal(["p1", "p5", "p10", "mean_iou", "p1_test_a", "p1_test_b"], Names(One));
        Assert.Equal(["p1", "p5", "p10", "mean_iou"], Names(One with { Test = TestPart.TestA }));
        Assert.Equal(["p1", "p5", "p10", "mean_iou"], Names(One with { Dataset = ReferringDataSet.Refcocog }));
        Assert.Equal(
            ["p1", "p5", "p10", "mean_iou", "p1_refcoco", "p1_refcoco_test_a", "p1_refcoco_test_b", "p1_refcoco_plus", "p1_refcoco_plus_test_a", "p1_refcoco_plus_test_b", "p1_refcocog"],
            Names(One with { Dataset = null }));
        IReadOnlyList<FigureDefinition> figures = GroundingFigures.Of(new(), One);
        Assert.Equal("p1", FigureDefinition.PrimaryOf(figures).Name);
        Assert.Equal("Precision, IoU ≥ 0.5", figures[0].Group);
        Assert.Equal("Precision, generalised IoU ≥ 0.5", GroundingFigures.Of(new() { GeneralizedIou = true }, One)[0].Group);

        static IEnumerable<string> Names(GroundingDataOptions data) => GroundingFigures.Of(new(), data).Select(figure => figure.Name);
    }

    private static Expression Of(string part) => new(1, "a.jpg", 100, 100, "it", new PixelBox(0, 0, 10, 10), [], ReferringDataSet.Refcoco, part);
}
