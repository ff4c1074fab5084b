using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Training.Loop;

namespace UniPT.Reports.Tests;

/// <summary>Where libtorch cannot be observed, or the system does not tell, every report says so.</summary>
public sealed class NotMeasuredTests
{
    [Fact]
    public void MemoryOfNoMethod()
    {
        var memory = new StepMemory(1 << 20, null, 1 << 20, 1 << 20);
        ComparisonReport report = SampleReport.Create() with { Methods = [SampleReport.UniPT with { StepMemory = memory }, SampleReport.Head with { StepMemory = memory }] };
        string page = HtmlReport.Render(report);

        Assert.Empty(ParetoFront.Of(report.Methods, SampleReport.Primary));
        Assert.Contains("Memory was not measured for UniPT, Linear head.", page);
        Assert.Contains("Activations not measured", page);
        Assert.DoesNotContain("0 bytes", page);
        Assert.Contains(report.Summary.Sentences(), sentence => sentence.StartsWith("Least memory of a training step: not measured;", StringComparison.Ordinal));
    }

    [Fact]
    public void TheProcesssPeakWhereTheSystemDoesNotTellIt()
    {
        MethodFigures figures = SampleReport.UniPT with { ProcessPeak = null };
        ComparisonReport report = SampleReport.Create() with { Methods = [figures, SampleReport.Head with { StepMemory = new StepMemory(1 << 20, null, 1 << 20, 1 << 20) }] };
        string page = HtmlReport.Render(report);

        Assert.Contains("the process's peak is not measured", page);
        Assert.Contains("Memory was not measured for Linear head.", page);
        Assert.Contains("The whole width is", page);
        Assert.Equal(["UniPT"], ParetoFront.Of(report.Methods, SampleReport.Primary).Select(method => method.Label));
    }
}
