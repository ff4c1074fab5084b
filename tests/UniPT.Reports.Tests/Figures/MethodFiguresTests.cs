using UniPT.Reports.Figures;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests.Figures;

public sealed class MethodFiguresTests
{
    [Fact]
    public void Runs_of_a_method_are_taken_together()
    {
        IReadOnlyList<MethodFigures> methods = MethodFigures.Of([Run("unipt", 1, 100), Run("head", 1, 90), Run("unipt", 2, 104)]);
        Assert.Equal(["unipt", "head"], methods.Select(method => method.Label));
        MethodFigures unipt = methods[0];
        Assert.Equal([1, 2], unipt.Seeds);
        Assert.Equal([4, 8], unipt.BestEpochs);
        Assert.Equal(102, unipt.Figures!["rsum"].Mean);
        Assert.Equal(Math.Sqrt(8), unipt.Figures["rsum"].Deviation!.Value, 9);
        Assert.Null(methods[1].Figures!["rsum"].Deviation);
        Assert.Equal(3, unipt.SecondsPerEpoch);
        Assert.Equal(new StepMemory(5, 2, 1, 1), unipt.StepMemory);
        Assert.Equal(2000, unipt.ProcessPeak);
    }

    [Fact]
    public void A_figure_that_a_seed_does_not_have_has_no_mean()
    {
        RunResult partial = Run("unipt", 2, 104);
        partial = partial with { Test = new Dictionary<string, double> { ["rsum"] = 104 } };
        MethodFigures unipt = Assert.Single(MethodFigures.Of([Run("unipt", 1, 100), partial]));

        Assert.Equal(["rsum"], unipt.Figures!.Keys);
        Assert.Null(unipt.Figure(SampleReport.Figures[0]));
        Assert.Equal(102, unipt.Figure(SampleReport.Primary)!.Mean);
    }

    private static RunResult Run(string method, int seed, double rSum) => new()
    {
        Name = "sample",
        Task = "retrieval",
        Method = method,
        Seed = seed,
        Epochs = 15,
        Steps = 300,
        BestEpoch = 4 * seed,
        BestValidation = rSum,
        Test = new[] { "i2t_r1", "i2t_r5", "i2t_r10", "t2i_r1", "t2i_r5", "t2i_r10" }.ToDictionary(name => name, _ => rSum / 6).Append(new("rsum", rSum)).ToDictionary(),
        TestSplit = "test",
        TrainableParameters = 10,
        TotalParameters = 100,
        StepMemory = new StepMemory(5, seed, 1, 1),
        ProcessPeak = 1000 * seed,
        SecondsPerEpoch = 2 * seed,
        Conditions = SampleReport.Conditions,
    };
}
