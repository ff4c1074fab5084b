using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Loop;

/// <summary>Wherever a run is stopped, and with whatever options, it ends in the bits of one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly Dictionary<string, TrainOptions> Variants = new()
    {
        ["plain"] = new(),
        ["adam, single tensors clipped"] = new() { Optimizer = OptimizerKind.Adam, ClipTensorNorm = 0.1 },
        ["bert_adam"] = new() { Optimizer = OptimizerKind.BertAdam, Schedule = Schedule.WarmupCosine, WarmupShare = 0.3, ClipTensorNorm = 1 },
        ["hugging_face_adamw"] = new() { Optimizer = OptimizerKind.HuggingFaceAdamw, Schedule = Schedule.WarmupLinear, WarmupSteps = 3 },
        ["accumulation"] = new() { AccumulationSteps = 2 },
        ["average"] = new() { EmaDecay = 0.8 },
        ["evaluations by steps"] = new() { EvaluateEverySteps = 3, EmaDecay = 0.5, Schedule = Schedule.StepLate, StepEpochs = [1] },
        ["early stop"] = new() { EvaluateEverySteps = 2, EarlyStop = 2 },
        ["length in steps"] = new() { Steps = 13, Schedule = Schedule.Linear, AccumulationSteps = 3, EvaluateEverySteps = 4 },
        ["checkpoints between"] = new() { CheckpointEverySteps = 2, EvaluateEverySteps = 4, EmaDecay = 0.9 },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Variants.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void StoppedAfterAnyStep(string variant)
    {
        Outcome calm = Train(variant, null, TrainingPosition.Start);
        Assert.True(calm.Steps.Length >= 4);
        foreach (long stop in calm.Steps)
        {
            using var stopper = new StopWhen(stop);
            SameAfter(variant, calm, Stopped(variant, stopper));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StoppedInAnyEvaluation(string variant)
    {
        Outcome calm = Train(variant, null, TrainingPosition.Start);
        foreach (int stop in Enumerable.Range(0, calm.Evaluations.Length))
        {
            using var stopper = new StopWhen();
            SameAfter(variant, calm, Stopped(variant, stopper, evaluation => evaluation == stop ? stopper.Stop : null));
        }
    }

    /// <summary>Nothing is saved then: it goes on from what the last checkpoint holds.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void KilledInAnyEvaluation(string variant)
    {
        Outcome calm = Train(variant, null, TrainingPosition.Start);
        foreach (int stop in Enumerable.Range(1, calm.Evaluations.Length - 1))
        {
            using var watch = new StopWhen();
            SameAfter(variant, calm, Stopped(variant, watch, evaluation => evaluation == stop ? () => throw new InvalidDataException("killed") : null));
        }
    }

    private static double Score(int evaluation) => ((double[])[1, 3, 2, 3, 4, 1, 1, 1])[Math.Min(evaluation, 7)];

    private StopWhen Stopped(string variant, StopWhen stopper, Func<int, Action?>? at = null)
    {
        Assert.ThrowsAny<Exception>(() => Train(variant, stopper, TrainingPosition.Start, at));
        return stopper;
    }

    private void SameAfter(string variant, Outcome calm, StopWhen stopped)
    {
        Outcome resumed = Train(variant, null, null);
        Assert.Equal(calm.Weights, resumed.Weights);
        Assert.Equal(calm.Averages, resumed.Averages);
        Assert.Equal(calm.Position, resumed.Position);
        Assert.Equal(calm.Evaluations[^resumed.Evaluations.Length..], resumed.Evaluations);
        Assert.Equal(calm.Steps[^resumed.Steps.Length..], resumed.Steps);
        Assert.True(resumed.Steps.Length < calm.Steps.Length);

        // Between them both did everything.
        Assert.True(stopped.Evaluations.Count + resumed.Evaluations.Length >= calm.Evaluations.Length);
    }

    /// <param name="variant">Its name.</param>
    /// <param name="watch">May stop it.</param>
    /// <param name="from">Where to begin; null for the checkpoint.</param>
    /// <param name="at">What happens in an evaluation by its number.</param>
    private Outcome Train(string variant, StopWhen? watch, TrainingPosition? from, Func<int, Action?>? at = null)
    {
        // Three epochs of five batches.
        TrainOptions options = Variants[variant] with { Epochs = 3, LearningRate = 0.05 };
        using var task = new RegressionTask(2, 0.5) { Validating = number => at?.Invoke(number)?.Invoke(), Score = options.EarlyStop > 0 ? Score : null };
        using var state = RunState.Create(task, options);
        string checkpoint = _folder.File("last.safetensors");
        if (from is null)
        {
            from = state.Load(checkpoint);
            task.Evaluations = EvaluationsBefore(options, from);
        }

        using StopWhen own = new();
        watch ??= own;
        TrainingPosition end = new TrainingLoop(task, state, TrainingSettings.Of(options, 7, task.StepsPerEpoch), checkpoint, _folder.File("adapter"), watch)
            .Run(from, watch.Token);
        return new Outcome(
            end,
            task.Values,
            [.. state.Average?.State().Values.SelectMany(average => average.ToArray<float>()) ?? []],
            [.. watch.Steps.Select(step => step.Position.Step)],
            [.. watch.Evaluations.Select(evaluation => (evaluation.Step, evaluation.Epoch, evaluation.Score, evaluation.Best))]);
    }

    private static int EvaluationsBefore(TrainOptions options, TrainingPosition position) =>
        options.EvaluateEverySteps > 0 ? (int)(position.EvaluatedStep / options.EvaluateEverySteps) : 0;

    private sealed record Outcome(
        TrainingPosition Position, float[] Weights, float[] Averages, long[] Steps, (long Step, int Epoch, double Score, bool Best)[] Evaluations);
}
