using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

/// <summary>Several batches that make up a step stand for a larger one.</summary>
public sealed class AccumulationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 2, 4)] // 4, 4 and 2 examples a step.
    [InlineData(3, 2, 6)] // Steps of 3 + 3 and 3 + 1.
    [InlineData(1, 10, 10)]
    [InlineData(4, 7, 10)] // More than an epoch has.
    public void TheResultIsThatOfTheLargeBatch(int small, int accumulation, int large)
    {
        (float[] weights, StepResult[] steps) = Train(small, accumulation);
        (float[] expected, StepResult[] expectedSteps) = Train(large, 1);
        Assert.Equal(expected, weights, (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(expectedSteps.Select(step => step.Position with { BestScore = null, BestEpoch = -1 }), steps.Select(step => step.Position with { BestScore = null, BestEpoch = -1 }));
        Assert.Equal(expectedSteps.Select(step => step.Examples), steps.Select(step => step.Examples));
        Assert.Equal(expectedSteps.Select(step => step.Loss), steps.Select(step => step.Loss), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(expectedSteps.Select(step => step.GradientNorm), steps.Select(step => step.GradientNorm), (x, y) => Math.Abs(x - y) < 1e-5);
    }

    /// <summary>Each is the mean over the step's examples, as the loss is; one term alone has nothing to tell beside it.</summary>
    [Fact]
    public void TheTermsOfTheLossAddUpToIt()
    {
        StepResult[] steps = Train(3, 2, twoTerms: true).Steps;
        StepResult[] large = Train(6, 1, twoTerms: true).Steps;
        Assert.All(steps.Zip(large), pair =>
        {
            Assert.Equal(["error", "size"], pair.First.Terms.Keys.Order());
            Assert.Equal(pair.First.Loss, pair.First.Terms.Values.Sum(), 1e-6);
            Assert.Equal(pair.Second.Terms["error"], pair.First.Terms["error"], 1e-6);
        });
        Assert.All(Train(3, 2).Steps, step => Assert.Empty(step.Terms));
    }

    /// <summary>Otherwise all batches of a step would lose the same features.</summary>
    [Fact]
    public void EachBatchDrawsItsOwnDropout()
    {
        (float[] once, _) = Train(10, 1, dropout: 0.5);
        (float[] parts, _) = Train(5, 2, dropout: 0.5);
        Assert.NotEqual(once, parts);
        List<double> drawn = [];
        using var task = new ProductTask(1, 1, 1) { Between = (product, _) => Drawn(product, drawn) };
        using var state = new RunState(task, new AdamW(task.ParameterGroups));
        new TrainingLoop(task, state, Settings(5) with { LastStep = 4 }, _folder.File("last"), _folder.File("adapter"), new StopWhen())
            .Run(TrainingPosition.Start, CancellationToken.None);
        Assert.Equal(20, drawn.Distinct().Count());
    }

    private static Tensor Drawn(Tensor product, List<double> drawn)
    {
        drawn.Add(torch.rand(1).Item());
        return product;
    }

    private static TrainingSettings Settings(int accumulation) =>
        new() { Seed = 1, Epochs = 6, Schedule = new ConstantSchedule(0.05), ClipNorm = 0.5, AccumulationSteps = accumulation };

    private (float[] Weights, StepResult[] Steps) Train(int batch, int accumulation, double dropout = 0, bool twoTerms = false)
    {
        using var task = new RegressionTask(batch, dropout) { TwoTerms = twoTerms };
        using var state = new RunState(task, new AdamW(task.ParameterGroups));
        using var watch = new StopWhen();
        new TrainingLoop(task, state, Settings(accumulation), _folder.File("last"), _folder.File("adapter"), watch)
            .Run(TrainingPosition.Start, CancellationToken.None);
        return (task.Values, [.. watch.Steps]);
    }
}
