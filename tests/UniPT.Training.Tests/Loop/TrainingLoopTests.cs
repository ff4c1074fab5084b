using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnInterruptedEvaluationIsDoneAgain()
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = new LineTask { Validating = stop.Cancel };
        using AdamW first = Optimizer(interrupted);
        Assert.ThrowsAny<OperationCanceledException>(() => Loop(interrupted, first).Run(TrainingPosition.Start, stop.Token));

        using var resumed = new LineTask();
        using AdamW second = Optimizer(resumed);
        TrainingPosition position = TrainingCheckpoint.Load(Checkpoint, resumed, second);
        Assert.Equal(new TrainingPosition(0, 3, 3, null, -1), position);
        position = Loop(resumed, second).Run(position, CancellationToken.None);

        using var calm = new LineTask();
        using AdamW third = Optimizer(calm);
        Assert.Equal(Loop(calm, third).Run(TrainingPosition.Start, CancellationToken.None), position);
        Assert.Equal(calm.Weight.Item(), resumed.Weight.Item());
    }

    [Theory]
    [InlineData(0, 1, 4)]
    [InlineData(0, 3, 2)] // After the third epoch and the last.
    [InlineData(5, 1, 2)]
    [InlineData(6, 1, 2)]
    public void EvaluatesWhenItIsDueAndAtTheEnd(int maxSteps, int every, int expected)
    {
        using var task = new LineTask();
        using AdamW optimizer = Optimizer(task);
        using var watch = new StopWhen();
        Loop(task, optimizer, watch, maxSteps, every).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal(expected, watch.Evaluations.Count);
        Assert.Equal(maxSteps == 0 ? 12 : maxSteps, watch.Steps.Count);
        Assert.Equal(watch.Steps.Count, watch.Evaluations[^1].Step);
    }

    [Fact]
    public void TheBestEvaluationIsSaved()
    {
        double[] scores = [1, 3, 2, 3];
        int evaluation = 0;
        using var task = new LineTask { Score = () => scores[evaluation++] };
        using AdamW optimizer = Optimizer(task);
        TrainingPosition end = Loop(task, optimizer).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal((3, 1), (end.BestScore, end.BestEpoch));
        Assert.Equal(2, task.Saved);
    }

    [Fact]
    public void ALossThatIsNoNumberIsNamedWithItsStep()
    {
        using var task = new LineTask { Target = step => step == 4 ? double.NaN : 1 };
        using AdamW optimizer = Optimizer(task);

        UserException error = Assert.Throws<UserException>(() => Loop(task, optimizer).Run(TrainingPosition.Start, CancellationToken.None));
        Assert.StartsWith("The loss is NaN at step 4;", error.Message);
    }

    private string Checkpoint => _folder.File("last.safetensors");

    private static AdamW Optimizer(LineTask task) => new(task.ParameterGroups, 0.9, 0.999, 1e-8);

    private TrainingLoop Loop(LineTask task, AdamW optimizer, ITrainingObserver? observer = null, int maxSteps = 0, int every = 1) => new(
        task, optimizer, new TrainingSettings(1, 4, new ConstantSchedule(0.1), 0, 1, maxSteps, 0, every), Checkpoint, _folder.File("adapter"), observer ?? new StopWhen());
}
