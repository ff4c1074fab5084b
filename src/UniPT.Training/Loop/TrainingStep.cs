using System.Globalization;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Training.Loop;

/// <summary>
/// One change of the weights: the gradients of a batch, or of several that stand for a larger one, clipped and given to the optimizer.
/// </summary>
internal sealed class TrainingStep(TrainingTask task, RunState state, TrainingSettings settings)
{
    /// <summary>Takes the step's batches and changes the weights.</summary>
    /// <param name="batches">Prepared ones, the step's first next.</param>
    /// <param name="position">Before the step.</param>
    /// <returns>What it tells, without its duration.</returns>
    /// <exception cref="UserException">The loss or the gradient is not a number.</exception>
    internal StepResult Run(IEnumerator<IDisposable> batches, TrainingPosition position)
    {
        int first = position.StepInEpoch * settings.AccumulationSteps;
        int count = Math.Min(settings.AccumulationSteps, task.StepsPerEpoch - first);
        int examples = Enumerable.Range(first, count).Sum(task.ExamplesOf);
        long held = 0;
        double loss = 0;
        var terms = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int batch = first; batch < first + count; batch++)
        {
            batches.MoveNext();
            using IDisposable prepared = batches.Current;
            if (batch == first)
            {
                held = TensorMemory.Current(settings.Device);
                TensorMemory.ResetPeak();
            }

            // As a mean over all examples takes them.
            double share = count == 1 ? 1 : task.ExamplesOf(batch) / (double)examples;
            TorchRuntime.ManualSeed(StepSeed.Of(settings.Seed, (position.Step * settings.AccumulationSteps) + (batch - first)));
            loss += share * Backward(prepared, position, batch, share, terms);
        }

        NamedOptimizer optimizer = state.Optimizer;
        long gradients = optimizer.Parameters.Sum(GradientBytes);
        foreach (Parameter waiting in optimizer.Groups.Where(group => group.FromEpoch > position.Epoch).SelectMany(group => group.Parameters.Values))
        {
            waiting.grad = null;
        }

        double norm = 0;
        if (settings.ClipNorm > 0)
        {
            norm = nn.utils.clip_grad_norm_(optimizer.Parameters, settings.ClipNorm);
            RequireFinite(norm, "gradient", position.Step);
        }

        optimizer.Step(settings.Schedule, position.Step);
        state.Average?.Update();
        long? activations = TensorMemory.PeakAbove(held, settings.Device) - gradients;
        optimizer.ZeroGrad();
        return new StepResult(
            position with { StepInEpoch = position.StepInEpoch + 1, Step = position.Step + 1 },
            loss,
            norm,
            settings.Schedule.At(position.Step),
            examples,
            0,
            new StepMemory(task.WeightBytes, activations, gradients, state.ByteCount))
        {
            Terms = terms,
        };
    }

    /// <summary>Adds a share of a batch's gradients to those that are there, and of its loss's terms, if there are several.</summary>
    /// <returns>Its whole loss.</returns>
    private double Backward(IDisposable prepared, TrainingPosition position, int batch, double share, Dictionary<string, double> terms)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LossTerms parts = task.Loss(prepared, position.Epoch, batch);
        double loss = parts.Total.Item();
        RequireFinite(loss, "loss", position.Step);
        (share == 1 ? parts.Total : parts.Total * Scalars.Of(share)).Backward();
        foreach (LossTerm term in parts.Terms.Count > 1 ? parts.Terms : [])
        {
            terms[term.Name] = terms.GetValueOrDefault(term.Name) + (share * term.Value.Item());
        }

        return loss;
    }

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
