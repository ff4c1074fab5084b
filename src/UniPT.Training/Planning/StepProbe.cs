using System.Diagnostics;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Planning;

/// <summary>What steps of one batch hold in tensors.</summary>
/// <param name="Step">A step at its fullest moment.</param>
/// <param name="Early">What its forward and backward hold beside weights and gradients, if gradients came only after it; null where it was not measured.</param>
/// <param name="Seconds">The fastest step's time.</param>
public sealed record StepProbe(StepMemory Step, long? Early, double Seconds)
{
    /// <summary>Takes steps, which change the weights; nothing is evaluated or saved.</summary>
    /// <param name="training">A task of which every step is like the others, as far as memory goes; it stays the caller's.</param>
    /// <param name="options">Optimizer, clipping and averages; how long it trains does not matter.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="steps">How many, for the time's sake: memory is the same in all of them.</param>
    /// <param name="early">Whether <see cref="Early"/> is measured, which takes another forward and backward.</param>
    /// <param name="cancellation">Ends between steps.</param>
    /// <exception cref="UserException">There was not enough memory, or the loss was not a number.</exception>
    public static StepProbe Take(TrainingTask training, TrainOptions options, Device device, int steps = 1, bool early = true, CancellationToken cancellation = default)
    {
        TrainOptions probe = options with { AccumulationSteps = 1, Steps = 0, MaxSteps = 0 };
        using var state = RunState.Create(training, probe);
        var step = new TrainingStep(training, state, TrainingSettings.Of(probe, seed: 1, training.StepsPerEpoch) with { Device = device });
        using IEnumerator<IDisposable> batches = Enumerable.Repeat(0, steps).Select(_ => training.Prepare(0, 0)).GetEnumerator();
        training.SetTraining(true);
        StepMemory? memory = null;
        double fastest = double.PositiveInfinity;
        for (int i = 0; i < steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            memory = StepMemory.Larger(memory, step.Run(batches, TrainingPosition.Start).Memory);
            fastest = Math.Min(fastest, watch.Elapsed.TotalSeconds);
        }

        return new StepProbe(memory!, early ? Activations(training, device) - memory!.Gradients : null, fastest);
    }

    /// <summary>What a step holds at most beside weights and gradients, which are there before it begins; null where it is not measured.</summary>
    private static long? Activations(TrainingTask training, Device device)
    {
        training.SetTraining(true);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = [.. training.ParameterGroups.SelectMany(group => group.Parameters.Values)];
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = parameter.detach().zeros_like();
        }

        using IDisposable prepared = training.Prepare(0, 0);
        long before = TensorMemory.Current(device);
        TensorMemory.ResetPeak();
        training.Loss(prepared, 0, 0).Total.Backward();
        long? most = TensorMemory.PeakAbove(before, device);
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = null;
        }

        return most;
    }
}
