using Microsoft.Extensions.Logging;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

public sealed class TrainingObserversTests
{
    [Fact]
    public void ALogHasNoticesEvaluationsAndSteps()
    {
        var log = new Lines();
        ITrainingObserver observer = TrainingObservers.To(log);

        Tell(observer);

        Assert.Equal(
            [
                "Information: Training begins at step 0: 2 epochs of 3 steps",
                "Information: look here",
                "Debug: Step 1: loss 0.5, learning rate 0.1, 2 s",
                "Information: Epoch 0, step 1: score 7 (best: True)",
            ],
            log.Written);
    }

    [Fact]
    public void SeveralAreToldTheSame()
    {
        (var first, var second) = (new Lines(), new Lines());
        var steps = new List<StepResult>();

        Tell(TrainingObservers.All(TrainingObservers.To(first), TrainingObservers.To(second), TrainingObservers.To(new Now(steps))));

        Assert.Equal(4, first.Written.Count);
        Assert.Equal(first.Written, second.Written);
        Assert.Equal([0.5], steps.Select(step => step.Loss));
    }

    private static void Tell(ITrainingObserver observer)
    {
        observer.Started(TrainingPosition.Start, 2, 3);
        observer.Noticed("look here");
        observer.Stepped(new StepResult(TrainingPosition.Start with { Step = 1 }, 0.5, 0, 0.1, 4, 2, new StepMemory(1, 2, 3, 4)));
        observer.Evaluated(new EpochResult(0, 1, 7, true, new Dictionary<string, double>(), 2));
    }

    private sealed class Now(List<StepResult> steps) : IProgress<StepResult>
    {
        public void Report(StepResult value) => steps.Add(value);
    }

    private sealed class Lines : ILogger
    {
        internal List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
