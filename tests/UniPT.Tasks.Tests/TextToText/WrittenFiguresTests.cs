using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Tasks.TextToText;

namespace UniPT.Tasks.Tests.TextToText;

public sealed class WrittenFiguresTests
{
    /// <summary>As <c>f1_score_with_invalid</c> of T5's evaluation: what is no label counts as the opposite of what is right.</summary>
    [Fact]
    public void WhatIsNoLabelIsWrong()
    {
        int[] truth = [1, 1, 0, 0, 1];
        string[] written = ["1", "yes", "", "0", "0"];
        IReadOnlyDictionary<string, double> figures = WrittenFigures.OfLabels(["0", "1"], truth, written, 1);
        Assert.Equal(40, figures["accuracy"], 1e-9);
        Assert.Equal(100 * 2.0 / (2 + 1 + 2), figures["f1"], 1e-9); // predicted 1 0 1 0 0
        Assert.Equal((figures["accuracy"] + figures["f1"]) / 2, figures["accuracy_f1"], 1e-9);
        Assert.Equal(40, figures["no_label"], 1e-9);
    }

    /// <summary>scikit-learn's coefficient of the texts themselves, in which every other output is a class: (2·5 − (3·1 + 2·2)) / √((25 − 7)(25 − 13)).</summary>
    [Fact]
    public void OtherOutputsAreClassesOfMatthewsCoefficient()
    {
        double matthews = WrittenFigures.OfLabels(["0", "1"], [1, 1, 0, 0, 1], ["1", "yes", "", "0", "0"], 1)["matthews"];
        Assert.Equal(100 * (10 - 7) / Math.Sqrt(18 * 12), matthews, 1e-9);
    }

    [Fact]
    public void OfMoreLabelsAnotherOneIsMeant()
    {
        IReadOnlyDictionary<string, double> figures = WrittenFigures.OfLabels(["a", "b", "c"], [0, 1, 2], ["a", "b", "?"], null);
        Assert.Equal(100 * 2 / 3.0, figures["accuracy"], 1e-9);
        Assert.Equal(100 * ((2 / 3.0) + 1 + 0) / 3, figures["f1"], 1e-9); // c is taken for a
    }

    [Fact]
    public void WhatIsNoNumberIsMinusOne()
    {
        string[] written = ["4.0", "high", "2", "nan"];
        IReadOnlyDictionary<string, double> figures = WrittenFigures.OfNumbers([4.0, 1, 2.5, 0], written);
        IReadOnlyDictionary<string, double> expected = TextFigures.OfNumbers([4.0, 1, 2.5, 0], [4, -1, 2, -1]);
        Assert.Equal(50, figures["no_number"]);
        Assert.All(expected, figure => Assert.Equal(figure.Value, figures[figure.Key], 1e-9));
        Assert.Equal(0, WrittenFigures.OfNumbers([1, 2], ["1.0", "1.0"])["pearson_spearman"]);
    }

    [Fact]
    public void TextsAreEqualOrNot() => Assert.Equal(50, WrittenFigures.OfTexts(["a b", "c"], ["a b", "C"])["accuracy"]);

    [Theory]
    [InlineData(TextTarget.Classification, TextMetric.AccuracyF1, "accuracy, f1, matthews, accuracy_f1*, no_label")]
    [InlineData(TextTarget.Regression, TextMetric.Spearman, "pearson, spearman*, pearson_spearman, no_number")]
    [InlineData(TextTarget.Text, TextMetric.Accuracy, "accuracy*")]
    public void OneFigureIsPrimary(TextTarget target, TextMetric primary, string expected) =>
        Assert.Equal(expected, string.Join(", ", WrittenFigures.Of(target, primary).Select(figure => figure.Name + (figure.IsPrimary ? "*" : ""))));
}
