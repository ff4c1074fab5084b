using FsCheck;
using FsCheck.Fluent;
using UniPT.Reports.Charts;

namespace UniPT.Reports.Tests.Charts;

public sealed class AxisTests
{
    [Fact]
    public void Linear_ticks_are_round_and_reach_beyond_the_values()
    {
        Assert.Equal([0, 50, 100, 150, 200, 250], Axis.Linear(0, 203.4).Ticks);
        Assert.Equal([-4, -2, 0, 2], Axis.Linear(-3.5, 2).Ticks);
        Assert.Equal(0.5, Axis.Linear(0, 10).Share(5));
    }

    [Fact]
    public void Counts_begin_at_one_and_end_at_the_last()
    {
        Assert.Equal([1, 5, 10, 15], Axis.Counting(1, 15).Ticks);
        Assert.Equal([1, 2], Axis.Counting(1, 2).Ticks);
        Assert.Equal([1], Axis.Counting(1, 1).Ticks);
        Assert.Equal(1, Axis.Counting(1, 315).Share(315));
    }

    [Fact]
    public void Logarithmic_ticks_are_powers_of_ten_or_finer()
    {
        Assert.Equal([1, 10, 100, 1000], Axis.Logarithmic(2.5, 900).Ticks);
        Assert.Equal([2, 5, 10, 20, 50], Axis.Logarithmic(2, 45).Ticks);
        Assert.Equal(0.5, Axis.Logarithmic(1, 100).Share(10), 9);
    }

    [Fact]
    public void Any_positive_range_has_few_ticks_and_holds_its_values() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ushort, ushort)>(),
        pair =>
        {
            double low = 0.001 * (1 + Math.Min(pair.Item1, pair.Item2));
            double high = 0.001 * (1 + Math.Max(pair.Item1, pair.Item2) + 1);
            foreach (Axis axis in new[] { Axis.Linear(low, high), Axis.Linear(-low, high), Axis.Logarithmic(low, high) })
            {
                Assert.InRange(axis.Ticks.Count, 2, 10);
                Assert.InRange(axis.Share(low), -1e-9, 1 + 1e-9);
                Assert.InRange(axis.Share(high), -1e-9, 1 + 1e-9);
                Assert.Equal(axis.Ticks.Order(), axis.Ticks);
            }
        }).QuickCheckThrowOnFailure();
}
