using System.Text.Json;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Texts.Metrics;

/// <summary>The values of scipy and scikit-learn, as <c>tests/fixtures/metrics/make.py</c> wrote them.</summary>
public class TextMetricsTests
{
    private const double Tolerance = 1e-12;

    private static readonly JsonElement Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "metrics", "metrics.json"))).RootElement;

    public static TheoryData<string> ClassCases => new(Cases.GetProperty("classes").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));

    public static TheoryData<string> NumberCases => new(Cases.GetProperty("numbers").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));

    [Theory]
    [MemberData(nameof(ClassCases))]
    public void ClassesAreMeasuredAsScikitLearnDoes(string name)
    {
        JsonElement item = Case("classes", name);
        int[] truth = item.GetProperty("truth").Deserialize<int[]>()!;
        int[] predicted = item.GetProperty("predicted").Deserialize<int[]>()!;
        Assert.Equal(item.GetProperty("accuracy").GetDouble(), ClassificationMetrics.Accuracy(truth, predicted), Tolerance);
        Assert.Equal(item.GetProperty("matthews").GetDouble(), ClassificationMetrics.Matthews(truth, predicted), Tolerance);
        Assert.Equal(item.GetProperty("macro_f1").GetDouble(), ClassificationMetrics.MacroF1(truth, predicted), Tolerance);
        if (item.TryGetProperty("f1", out JsonElement f1))
        {
            Assert.Equal(f1[0].GetDouble(), ClassificationMetrics.F1(truth, predicted, positive: 0), Tolerance);
            Assert.Equal(f1[1].GetDouble(), ClassificationMetrics.F1(truth, predicted, positive: 1), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void NumbersAreMeasuredAsScipyDoes(string name)
    {
        JsonElement item = Case("numbers", name);
        double[] x = item.GetProperty("x").Deserialize<double[]>()!;
        double[] y = item.GetProperty("y").Deserialize<double[]>()!;
        double tolerance = name == "large offset" ? 1e-8 : Tolerance; // the sums of both lose as much
        Assert.Equal(Expected(item, "pearson"), Correlation.Pearson(x, y), tolerance);
        Assert.Equal(Expected(item, "spearman"), Correlation.Spearman(x, y), tolerance);
    }

    [Fact]
    public void OneExampleHasNoCorrelation() => Assert.Equal(double.NaN, Correlation.Pearson([1], [2]));

    [Fact]
    public void OtherLengthsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Accuracy([], []));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Matthews([1], [1, 0]));
        Assert.Throws<ArgumentException>(() => Correlation.Spearman([1], [1, 0]));
    }

    private static JsonElement Case(string kind, string name) => Cases.GetProperty(kind).EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);

    private static double Expected(JsonElement item, string figure) => item.GetProperty(figure) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
}
