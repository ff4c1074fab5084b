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
        using RunState first = State(interrupted);
        Assert.ThrowsAny<OperationCanceledException>(() => Loop(interrupted, first).Run(TrainingPosition.Start, stop.Token));

        using var resumed = new LineTask();
        using RunState second = State(resumed);
        TrainingPosition position = second.Load(Checkpoint);
        Assert.Equal(new TrainingPosition(0, 3, 3, null, -1), position);
        position = Loop(resumed, second).Run(position, CancellationToken.None);

        using var calm = new LineTask();
        using RunState third = State(calm);
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
        using RunState state = State(task);
        using var watch = new StopWhen();
        Loop(task, state, watch, maxSteps, every).Run(TrainingPosition.Start, CancellationToken.None);

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
        using RunState state = State(task);
        TrainingPosition end = Loop(task, state).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal((3, 1), (end.BestScore, end.BestEpoch));
        Assert.Equal(2, task.Saved);
    }

    [Theory]
    [InlineData(2, 0, new long[] { 2, 4, 6, 8, 10, 12 })]
    [InlineData(5, 0, new long[] { 5, 10, 12 })]
    [InlineData(3, 0, new long[] { 3, 6, 9, 12 })] // At each epoch's end.
    [InlineData(4, 10, new long[] { 4, 8, 10 })]
    [InlineData(100, 0, new long[] { 12 })]
    public void EvaluatesEverySoManyStepsAndAtTheEnd(int every, int lastStep, long[] expected)
    {
        using var task = new LineTask();
        using RunState state = State(task);
        using var watch = new StopWhen();
        Loop(task, state, Settings with { EvaluateEverySteps = every, LastStep = lastStep }, watch).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal(expected, watch.Evaluations.Select(evaluation => evaluation.Step));
        Assert.Equal(expected.Select(step => (int)(step - 1) / 3), watch.Evaluations.Select(evaluation => evaluation.Epoch));
    }

    /// <summary>The seconds of steps and epochs are those of training.</summary>
    [Fact]
    public void AnEvaluationAmidAnEpochTakesNothingOfItsTime()
    {
        using var task = new LineTask { Validating = () => Thread.Sleep(400) };
        using RunState state = State(task);
        using var watch = new StopWhen();
        Loop(task, state, Settings with { EvaluateEverySteps = 1, Epochs = 2 }, watch).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.InRange(watch.Steps.Sum(step => step.Seconds), 0, 1.5);
        Assert.InRange(watch.Evaluations[^1].Seconds, 0, 1);
    }

    [Theory]
    [InlineData(1, new[] { 1.0, 3, 2 })]
    [InlineData(2, new[] { 1.0, 3, 2, 3 })] // As good is not better.
    [InlineData(3, new[] { 1.0, 3, 2, 3, 2 })]
    [InlineData(4, new[] { 1.0, 3, 2, 3, 2, 5, 1, 1, 1, 1 })]
    [InlineData(0, new[] { 1.0, 3, 2, 3, 2, 5, 1, 1, 1, 1, 1, 1 })]
    public void EndsAfterSoManyEvaluationsWithoutABetterOne(int patience, double[] scores)
    {
        double[] all = [1, 3, 2, 3, 2, 5, 1, 1, 1, 1, 1, 1];
        int evaluation = 0;
        using var task = new LineTask { Score = () => all[evaluation++] };
        using RunState state = State(task);
        using var watch = new StopWhen();
        TrainingPosition end = Loop(task, state, Settings with { EvaluateEverySteps = 1, EarlyStop = patience }, watch)
            .Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal(scores, watch.Evaluations.Select(result => result.Score));
        Assert.Equal(end.Step, watch.Evaluations.Count);
        Assert.Equal(patience == 0 ? 0 : 1, watch.Notices.Count(notice => notice.Contains("train.early_stop")));
    }

    /// <summary>a₁ = d·w₀ + (1 − d)·w₁ is what is evaluated and saved; the run goes on from w₁.</summary>
    [Fact]
    public void EvaluationsAndTheAdapterTakeTheAverage()
    {
        using var task = new RegressionTask(10);
        float[] start = task.Values;
        using var plain = new RegressionTask(10);
        using var state = new RunState(task, new AdamW(task.ParameterGroups), new ExponentialMovingAverage(task.State, 0.75));
        using var plainState = new RunState(plain, new AdamW(plain.ParameterGroups));
        using var watch = new StopWhen();
        using var plainWatch = new StopWhen();
        TrainingSettings once = Settings with { Epochs = 1 };
        Loop(task, state, once, watch).Run(TrainingPosition.Start, CancellationToken.None);
        Loop(plain, plainState, once, plainWatch).Run(TrainingPosition.Start, CancellationToken.None);

        Assert.Equal(plain.Values, task.Values);
        Assert.Equal(start.Zip(plain.Values, (before, after) => (0.75f * before) + (0.25f * after)), task.Saved, (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.NotEqual(plainWatch.Evaluations[0].Score, watch.Evaluations[0].Score);
        Assert.Equal(32 + 16, state.ByteCount);
        Assert.Equal(state.ByteCount, watch.Steps[0].Memory.Optimizer);
    }

    [Fact]
    public void ALossThatIsNoNumberIsNamedWithItsStep()
    {
        using var task = new LineTask { Target = step => step == 4 ? double.NaN : 1 };
        using RunState state = State(task);

        UserException error = Assert.Throws<UserException>(() => Loop(task, state).Run(TrainingPosition.Start, CancellationToken.None));
        Assert.StartsWith("The loss is NaN at step 4;", error.Message);
    }

    private string Checkpoint => _folder.File("last.safetensors");

    private static TrainingSettings Settings { get; } = new() { Seed = 1, Epochs = 4, Schedule = new ConstantSchedule(0.1) };

    private static RunState State(LineTask task) => new(task, new AdamW(task.ParameterGroups, 0.9, 0.999, 1e-8));

    private TrainingLoop Loop(TrainingTask task, RunState state, ITrainingObserver? observer = null, int maxSteps = 0, int every = 1) =>
        Loop(task, state, Settings with { LastStep = maxSteps, EvaluateEveryEpochs = every }, observer);

    private TrainingLoop Loop(TrainingTask task, RunState state, TrainingSettings settings, ITrainingObserver? observer) => new(
        task,
        state,
        settings,
        Checkpoint,
        _folder.File("adapter"),
        observer ?? new StopWhen());
}
