using Microsoft.Extensions.Logging;

namespace UniPT.Training.Loop;

/// <summary>Observers for programs that follow a run by .NET's own means. They are called on the thread that trains.</summary>
public static partial class TrainingObservers
{
    /// <summary>Writes a run to a log: its beginning, notices and evaluations as information, steps as debugging messages.</summary>
    public static ITrainingObserver To(ILogger logger) => new Log(logger);

    /// <summary>Reports every step.</summary>
    public static ITrainingObserver To(IProgress<StepResult> progress) => new Progress(progress);

    /// <summary>Tells several observers, in their order.</summary>
    public static ITrainingObserver All(params IReadOnlyList<ITrainingObserver> observers) => new Several(observers);

    private sealed partial class Log(ILogger logger) : ITrainingObserver
    {
        public void Started(TrainingPosition position, int epochs, int stepsPerEpoch) => Begins(position.Step, epochs, stepsPerEpoch);

        public void Noticed(string sentence) => Notice(sentence);

        public void Stepped(StepResult result) => Step(result.Position.Step, result.Loss, result.LearningRate, result.Seconds);

        public void Evaluated(EpochResult result) => Evaluation(result.Epoch, result.Step, result.Score, result.Best);

        [LoggerMessage(LogLevel.Information, "Training begins at step {Step}: {Epochs} epochs of {StepsPerEpoch} steps")]
        private partial void Begins(long step, int epochs, int stepsPerEpoch);

        [LoggerMessage(LogLevel.Information, "{Sentence}")]
        private partial void Notice(string sentence);

        [LoggerMessage(LogLevel.Debug, "Step {Step}: loss {Loss}, learning rate {LearningRate}, {Seconds} s")]
        private partial void Step(long step, double loss, double learningRate, double seconds);

        [LoggerMessage(LogLevel.Information, "Epoch {Epoch}, step {Step}: score {Score} (best: {Best})")]
        private partial void Evaluation(int epoch, long step, double score, bool best);
    }

    private sealed class Progress(IProgress<StepResult> progress) : ITrainingObserver
    {
        public void Started(TrainingPosition position, int epochs, int stepsPerEpoch)
        {
        }

        public void Stepped(StepResult result) => progress.Report(result);

        public void Evaluated(EpochResult result)
        {
        }
    }

    private sealed class Several(IReadOnlyList<ITrainingObserver> observers) : ITrainingObserver
    {
        public void Started(TrainingPosition position, int epochs, int stepsPerEpoch) => Each(observer => observer.Started(position, epochs, stepsPerEpoch));

        public void Noticed(string sentence) => Each(observer => observer.Noticed(sentence));

        public void Stepped(StepResult result) => Each(observer => observer.Stepped(result));

        public void Evaluated(EpochResult result) => Each(observer => observer.Evaluated(result));

        private void Each(Action<ITrainingObserver> tell)
        {
            foreach (ITrainingObserver observer in observers)
            {
                tell(observer);
            }
        }
    }
}
