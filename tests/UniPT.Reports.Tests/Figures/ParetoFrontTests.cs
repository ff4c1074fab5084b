using UniPT.Reports.Figures;

namespace UniPT.Reports.Tests.Figures;

public sealed class ParetoFrontTests
{
    [Fact]
    public void Holds_what_no_other_beats_at_both_from_the_least_memory_on()
    {
        IReadOnlyList<MethodFigures> front = ParetoFront.Of([SampleReport.UniPT, SampleReport.Full, SampleReport.Head], SampleReport.Primary);

        Assert.Equal([SampleReport.Head, SampleReport.UniPT], front);
    }

    [Fact]
    public void Equals_stand_side_by_side() =>
        Assert.Equal(2, ParetoFront.Of([SampleReport.Head, SampleReport.Head with { Label = "again" }], SampleReport.Primary).Count);

    [Fact]
    public void A_method_without_figures_is_left_out() =>
        Assert.Empty(ParetoFront.Of([SampleReport.Head with { Figures = null }], SampleReport.Primary));
}
