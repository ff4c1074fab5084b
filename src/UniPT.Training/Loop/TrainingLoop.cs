using System.Diagnostics;
using System.Globalization;
using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>
/// The one training loop. A run that is stopped anywhere continues from its last checkpoint to the same bits: data
/// order, augmentation and dropout depend only on the seed and the position.
/// </summary>
internal sealed class TrainingLoop(
    TrainingTask task, AdamW optimizer, TrainingSettings settings, string checkpointFile, string adapterFolder, ITrainingObserver observer)
{
    /// <summary>Runs from a position to the end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the state was saved.</exception>
    /// <exception cref="UserException">The loss is not a number, or there was not enough memory.</exception>
    internal TrainingPosition Run(TrainingPosition position, CancellationToken cancellation) =>
        TorchErrors.Explain(() => Train(position, cancellation));

    private TrainingPosition Train(TrainingPosition position, CancellationToken cancellation)
    {
        observer.Started(position, settings.Epochs, task.StepsPerEpoch);
        if (position.Step == 0)
        {
            foreach (string sentence in task.Begin())
            {
                observer.Noticed(sentence);
            }
        }

        // Between epochs, everything before has been evaluated.
        while (position.Epoch < settings.Epochs && !(Exhausted(position) && position.StepInEpoch == 0))
        {
            position = RunEpoch(position, cancellation);
            Save(position);
        }

        return position;
    }

    private TrainingPosition RunEpoch(TrainingPosition position, CancellationToken cancellation)
    {
        task.SetTraining(true);
        int epoch = position.Epoch;
        int first = position.StepInEpoch;
        int last = task.StepsPerEpoch;
        if (settings.MaxSteps > 0)
        {
            last = (int)Math.Min(last, first + settings.MaxSteps - position.Step);
        }

        long started = Stopwatch.GetTimestamp();
        long previous = started;
        foreach (IDisposable prepared in Prefetcher.Run(last - first, settings.Workers, i => task.Prepare(epoch, first + i)))
        {
            using (prepared)
            {
                position = Step(prepared, position, ref previous);
            }

            StopIfCancelled(position, cancellation);

            // After the last step the evaluation comes first, so that the metrics of a resumed run do not repeat it.
            bool due = settings.CheckpointEverySteps > 0 && position.Step % settings.CheckpointEverySteps == 0;
            if (due && position.StepInEpoch < last)
            {
                Save(position);
            }
        }

        TrainingPosition next = position with { Epoch = epoch + 1, StepInEpoch = 0 };
        if (next.Epoch < settings.Epochs && !Exhausted(next) && next.Epoch % settings.EvaluateEveryEpochs != 0)
        {
            return next;
        }

        try
        {
            return Evaluate(next, epoch, Stopwatch.GetElapsedTime(started).TotalSeconds, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The resumed run evaluates again.
            StopIfCancelled(position, cancellation);
            throw;
        }
    }

    private TrainingPosition Step(IDisposable prepared, TrainingPosition position, ref long previous)
    {
        TorchRuntime.ManualSeed(StepSeed.Of(settings.Seed, position.Step));
        long before = TensorMemory.Current(settings.Device);
        TensorMemory.ResetPeak();
        double loss;
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor value = task.Loss(prepared, position.Epoch, position.StepInEpoch).Total;
            loss = value.Item();
            RequireFinite(loss, "loss", position.Step);
            value.Backward();
        }

        long gradients = task.ParameterGroups.Sum(group => group.Parameters.Values.Sum(GradientBytes));
        double rate = settings.Schedule.At(position.Step);
        double norm = 0;
        if (settings.ClipNorm > 0)
        {
            norm = nn.utils.clip_grad_norm_(optimizer.Parameters, settings.ClipNorm);
            RequireFinite(norm, "gradient", position.Step);
        }

        optimizer.Step(rate);
        long? activations = TensorMemory.PeakAbove(before, settings.Device) - gradients;
        optimizer.ZeroGrad();

        int examples = task.ExamplesOf(position.StepInEpoch);
        var memory = new StepMemory(task.WeightBytes, activations, gradients, optimizer.ByteCount);
        position = position with { StepInEpoch = position.StepInEpoch + 1, Step = position.Step + 1 };
        double seconds = Stopwatch.GetElapsedTime(previous).TotalSeconds;
        previous = Stopwatch.GetTimestamp();
        observer.Stepped(new StepResult(position, loss, norm, rate, examples, seconds, memory));
        return position;
    }

    private TrainingPosition Evaluate(TrainingPosition position, int epoch, double seconds, CancellationToken cancellation)
    {
        task.SetTraining(false);
        (double score, IReadOnlyDictionary<string, double> figures) = task.Validate(cancellation);
        bool best = position.BestScore is not { } highest || score > highest;
        if (best)
        {
            task.SaveAdapter(adapterFolder);
            position = position with { BestScore = score, BestEpoch = epoch };
        }

        observer.Evaluated(new EpochResult(epoch, position.Step, score, best, figures, seconds));
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

    private bool Exhausted(TrainingPosition position) => settings.MaxSteps > 0 && position.Step >= settings.MaxSteps;

    private void Save(TrainingPosition position) => TrainingCheckpoint.Save(checkpointFile, task, optimizer, position);

    private static void RequireFinite(double value, string what, long step)
    {
        if (!double.IsFinite(value))
        {
            throw new UserException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {what} is {value} at step {step}; lower train.learning_rate, set train.clip_norm, or add train.warmup_steps."));
        }
    }

    private static long GradientBytes(Tensor parameter)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return parameter.grad?.ByteCount() ?? 0;
    }
}
