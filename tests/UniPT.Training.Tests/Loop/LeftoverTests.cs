using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

/// <summary>However a run ends, no tensor and no byte stays, and no finalizer had to free one.</summary>
public sealed class LeftoverTests : IDisposable
{
    private const long TooMany = 1L << 50;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NothingIsLeftOfAThousandStepsWithTheirEvaluations() => LeavesNothing(() =>
    {
        int evaluations = 0;
        using var task = new ProductTask(16, 8, 8) { Validating = _ => evaluations++ };
        Assert.Equal(1000, Run(task, CancellationToken.None).Step);
        Assert.Equal(4, evaluations);
    });

    [Theory]
    [InlineData("forward")]
    [InlineData("native forward")]
    [InlineData("backward")]
    [InlineData("native backward")]
    [InlineData("evaluation")]
    public void NothingIsLeftOfARunThatFails(string where) => LeavesNothing(() =>
    {
        using var task = new ProductTask(16, 8, 8)
        {
            Between = (product, step) => step < 3 ? product : where switch
            {
                "forward" => throw new InvalidDataException("fails"),
                "native forward" => product.mm(product),
                "backward" => Through(product, _ => throw new InvalidDataException("fails")),
                "native backward" => Through(product, gradient => gradient.mm(gradient)),
                _ => product,
            },
            Validating = result => _ = where == "evaluation" ? throw new InvalidDataException("fails") : result,
        };
        Exception error = Assert.ThrowsAny<Exception>(() => Run(task, CancellationToken.None));
        Assert.Contains(where.StartsWith("native", StringComparison.Ordinal) ? "shapes cannot be multiplied" : "fails", error.Message);
    });

    [Theory]
    [InlineData("forward")]
    [InlineData("forward of a written-out backward")]
    [InlineData("backward")]
    [InlineData("written-out backward")]
    [InlineData("evaluation")]
    public void NothingIsLeftOfARunThatHasTooLittleMemory(string where) => LeavesNothing(() =>
    {
        using var task = new ProductTask(16, 8, 8)
        {
            Between = (product, step) => step < 3 ? product : where switch
            {
                "forward" => product.unsqueeze(0).expand(TooMany, -1, -1).contiguous(),
                "forward of a written-out backward" => Recomputation.Run(given => given[0].unsqueeze(0).expand(TooMany, -1, -1).contiguous(), [], product),
                "backward" => product.unsqueeze(0).expand(TooMany, -1, -1).select(0, 0),
                "written-out backward" => Through(product, gradient => gradient.unsqueeze(0).expand(TooMany, -1, -1).contiguous()),
                _ => product,
            },
            Validating = result => _ = where == "evaluation" ? result.unsqueeze(0).expand(TooMany, -1, -1).contiguous() : result,
        };
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => Run(task, CancellationToken.None));
        Assert.Matches(@"^There was not enough memory for a tensor of [0-9]+ TiB on the CPU: [0-9.]+ ([KMG]iB|bytes) of tensors were held; lower ", error.Message);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(250)]
    public void NothingIsLeftOfARunThatIsCancelled(int step) => LeavesNothing(() =>
    {
        using var stop = new StopWhen(step);
        using var task = new ProductTask(16, 8, 8);
        Assert.ThrowsAny<OperationCanceledException>(() => Run(task, stop.Token, stop));
        Assert.Equal(step, stop.Steps.Count);
    });

    /// <summary>The tensor itself, with a backward in C# that makes something before it comes to what is given.</summary>
    private static Tensor Through(Tensor tensor, Func<Tensor, Tensor> backward)
    {
        Tensor output = tensor.detach().clone();
        CustomBackward.Attach([tensor], [output], (gradients, kept) => [backward(gradients[0]!.Add(kept[0]))], tensor.detach());
        return output;
    }

    private static void LeavesNothing(Action work)
    {
        // What is made once a process.
        work();
        TensorCount before = TensorCount.Now();
        work();
        Assert.Equal(before, TensorCount.Now());
    }

    private TrainingPosition Run(ProductTask task, CancellationToken cancellation, ITrainingObserver? observer = null)
    {
        using var state = new RunState(task, new AdamW(task.ParameterGroups), new ExponentialMovingAverage(task.State, 0.9));
        var settings = new TrainingSettings { Seed = 1, Epochs = 4, Schedule = new ConstantSchedule(0.01), ClipNorm = 1, Workers = 2, CheckpointEverySteps = 100 };
        return new TrainingLoop(task, state, settings, _folder.File("last"), _folder.File("adapter"), observer ?? new StopWhen())
            .Run(TrainingPosition.Start, cancellation);
    }
}
