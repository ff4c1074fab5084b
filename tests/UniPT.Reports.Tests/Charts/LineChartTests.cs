using System.Xml.Linq;
using UniPT.Reports.Charts;

namespace UniPT.Reports.Tests.Charts;

public sealed class LineChartTests
{
    [Fact]
    public void Lines_without_a_finite_value_are_not_drawn()
    {
        Assert.Null(Chart().Render());
        Assert.Null(Chart([double.NaN, double.PositiveInfinity]).Render());
        Assert.Single(Chart([double.NaN], [1, 2]).Render()!.Descendants("path"), path => (string?)path.Attribute("class") == "line");
    }

    [Fact]
    public void A_value_that_is_not_finite_interrupts_its_line()
    {
        XElement chart = Chart([3, 2, double.NaN, 2, 1]).Render()!;
        string path = chart.Descendants("path").First(path => (string?)path.Attribute("class") == "line").Attribute("d")!.Value;
        Assert.Equal(2, path.Count(character => character == 'M'));
        Assert.Equal(2, path.Count(character => character == 'L'));
    }

    [Theory]
    [InlineData(new double[] { 5 })]
    [InlineData(new double[] { 0, 0, 0 })]
    [InlineData(new double[] { -3, -3 })]
    [InlineData(new double[] { 1e-300, 1 })]
    [InlineData(new double[] { 1e200, 1 })]
    public void Extreme_values_stay_inside_the_drawing(double[] values)
    {
        XElement chart = Chart(values).Render()!;
        double[] heights = [.. chart.Descendants("circle").Select(circle => (double)circle.Attribute("cy")!)];
        Assert.Equal(values.Length, heights.Length);
        Assert.All(heights, height => Assert.InRange(height, 0, 260));
    }

    [Fact]
    public void Only_losses_that_span_orders_of_magnitude_are_logarithmic()
    {
        Assert.Contains("loss, logarithmic", Chart([900, 90, 9]).Render()!.Value);
        Assert.DoesNotContain("logarithmic", Chart([9, 8, 7]).Render()!.Value);
        Assert.DoesNotContain("logarithmic", (Chart([900, 90, 9]) with { MayBeLogarithmic = false }).Render()!.Value);
    }

    [Fact]
    public void The_description_names_every_line_with_its_ends() => Assert.Equal(
        "Title: line 0 from 3 to 1 at step 3; line 1 from 5 to 5 at step 1.",
        Chart([3, 2, 1], [5]).Render()!.Attribute("aria-label")!.Value);

    [Fact]
    public void Neighbours_are_averaged()
    {
        Assert.Equal([(1.5, 15), (3.5, 35), (5, 50)], Series.Of("a", 0, [10, 20, 30, 40, 50], 2).Points);
    }

    private static LineChart Chart(params double[][] lines) => new(
        "Title", "step", "loss", [.. lines.Select((values, index) => Series.Of($"line {index}", index, values))], MayBeLogarithmic: true);
}
