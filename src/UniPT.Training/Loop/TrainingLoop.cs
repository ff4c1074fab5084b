using System.Diagnostics;
using System.Globalization;
using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>
/// The one training loop. A run that is stopped anywhere continues from its last checkpoint to the same bits: data
/// order, augmentation and dropout depend only on the seed and the position. What is stopped amid a step, is stopped after it.
/// </summary>
internal sealed class TrainingLoop(
    TrainingTask task, RunState state, TrainingSettings settings, string checkpointFile, string adapterFolder, ITrainingObserver observer)
{
    private readonly TrainingStep _step = new(task, state, settings);

    private int StepsPerEpoch { get; } = TrainingSettings.StepsOf(task.StepsPerEpoch, settings.AccumulationSteps);

    /// <summary>Runs from a position to the end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the state was saved.</exception>
    /// <exception cref="UserException">The loss is not a number, or there was not enough memory.</exception>
    internal TrainingPosition Run(TrainingPosition position, CancellationToken cancellation) =>
        TorchErrors.Explain(() => Train(position, cancellation));

    private TrainingPosition Train(TrainingPosition position, CancellationToken cancellation)
    {
        int epochs = settings.LastStep > 0 ? (int)Math.Min(settings.Epochs, ((settings.LastStep - 1) / StepsPerEpoch) + 1) : settings.Epochs;
        observer.Started(position, epochs, StepsPerEpoch);
        if (position.Step == 0)
        {
            foreach (string sentence in task.Begin())
            {
                observer.Noticed(sentence);
            }

            state.Average?.Restart();
        }

        // Between epochs, everything before has been evaluated.
        while (!(position.StepInEpoch == 0 && IsLast(position)))
        {
            position = RunEpoch(position, cancellation);
            Save(position);
        }

        return position;
    }

    private TrainingPosition RunEpoch(TrainingPosition position, CancellationToken cancellation)
    {
        int epoch = position.Epoch;
        int first = position.StepInEpoch;
        int last = settings.LastStep > 0 ? (int)Math.Min(StepsPerEpoch, first + settings.LastStep - position.Step) : StepsPerEpoch;
        int firstBatch = first * settings.AccumulationSteps;
        int batchCount = Math.Min(last * settings.AccumulationSteps, task.StepsPerEpoch) - firstBatch;
        var training = Stopwatch.StartNew();
        using IEnumerator<IDisposable> batches =
            Prefetcher.Run(batchCount, settings.Workers, i => task.Prepare(epoch, firstBatch + i)).GetEnumerator();

        // One that was interrupted is done again before anything else.
        position = first > 0 && first < last ? EvaluateIfDue(position, training, cancellation) : position;
        task.SetTraining(true);
        TimeSpan before = TimeSpan.Zero;
        while (position.StepInEpoch < last && !HasStopped(position))
        {
            StepResult done = _step.Run(batches, position);
            position = done.Position;
            TimeSpan after = training.Elapsed;
            observer.Stepped(done with { Seconds = (after - before).TotalSeconds });
            before = after;
            StopIfCancelled(position, cancellation);

            // After the last step the evaluation comes first, so that the metrics of a resumed run do not repeat it.
            if (position.StepInEpoch < last)
            {
                position = EvaluateIfDue(position, training, cancellation);
                if (settings.CheckpointEverySteps > 0 && position.Step % settings.CheckpointEverySteps == 0)
                {
                    Save(position);
                }
            }
        }

        TrainingPosition next = position with { Epoch = epoch + 1, StepInEpoch = 0 };
        bool due = IsLast(next) || (settings.EvaluateEverySteps > 0 ? IsDue(next) : next.Epoch % settings.EvaluateEveryEpochs == 0);
        return due && next.EvaluatedStep < next.Step ? Evaluate(next, position, training, cancellation) : next;
    }

    /// <summary>Evaluates within an epoch and saves that it was done.</summary>
    private TrainingPosition EvaluateIfDue(TrainingPosition position, Stopwatch training, CancellationToken cancellation)
    {
        if (IsDue(position))
        {
            position = Evaluate(position, position, training, cancellation);
            task.SetTraining(true);
            Save(position);
        }

        return position;
    }

    /// <param name="position">Of the weights.</param>
    /// <param name="before">Where a run begins that evaluates again, should this be cancelled.</param>
    /// <param name="training">The time that the epoch took, which stands still meanwhile.</param>
    /// <param name="cancellation">Stops.</param>
    private TrainingPosition Evaluate(TrainingPosition position, TrainingPosition before, Stopwatch training, CancellationToken cancellation)
    {
        training.Stop();
        task.SetTraining(false);
        try
        {
            using IDisposable? averaged = state.Average?.Use();
            (double score, IReadOnlyDictionary<string, double> figures) = task.Validate(cancellation);
            bool best = position.BestScore is not { } highest || score > highest;
            if (best)
            {
                task.SaveAdapter(adapterFolder);
            }

            position = best
                ? position with { BestScore = score, BestEpoch = before.Epoch, EvaluatedStep = position.Step, WithoutBetter = 0 }
                : position with { EvaluatedStep = position.Step, WithoutBetter = position.WithoutBetter + 1 };
            observer.Evaluated(new EpochResult(before.Epoch, position.Step, score, best, figures, training.Elapsed.TotalSeconds));
        }
        catch (OperationCanceledException)
        {
            StopIfCancelled(before, cancellation);
            throw;
        }

        if (HasStopped(position))
        {
            observer.Noticed(string.Create(
                CultureInfo.InvariantCulture,
                $"Training ends after step {position.Step}: the last {settings.EarlyStop} evaluations were not better than the best, in epoch {position.BestEpoch + 1} (train.early_stop)."));
        }

        training.Start();
        return position;
    }

    private void StopIfCancelled(TrainingPosition position, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            Save(position);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private bool IsDue(TrainingPosition position) =>
        settings.EvaluateEverySteps > 0 && position.Step % settings.EvaluateEverySteps == 0 && position.EvaluatedStep < position.Step;

    private bool IsLast(TrainingPosition position) =>
        position.Epoch >= settings.Epochs || (settings.LastStep > 0 && position.Step >= settings.LastStep) || HasStopped(position);

    private bool HasStopped(TrainingPosition position) => settings.EarlyStop > 0 && position.WithoutBetter >= settings.EarlyStop;

    private void Save(TrainingPosition position) => state.Save(checkpointFile, position);
}
