using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>What the loop needs to know besides the task. A step is one change of the weights.</summary>
public sealed record TrainingSettings
{
    /// <summary>Of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>How many, unless <see cref="LastStep"/> comes first.</summary>
    public required int Epochs { get; init; }

    /// <summary>The learning rate.</summary>
    public required LearningRateSchedule Schedule { get; init; }

    /// <summary>Steps after which training ends; 0: no limit.</summary>
    public long LastStep { get; init; }

    /// <summary>Batches whose gradients make up a step; fewer at an epoch's end.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Largest joint norm of the gradients; 0: no clipping.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Threads that prepare batches.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Besides the one at each epoch's end; 0: none.</summary>
    public int CheckpointEverySteps { get; init; }

    /// <summary>Epochs between evaluations; the end is always evaluated.</summary>
    public int EvaluateEveryEpochs { get; init; } = 1;

    /// <summary>Steps between evaluations, in place of epochs; 0: by epochs.</summary>
    public int EvaluateEverySteps { get; init; }

    /// <summary>Evaluations in a row without a better score after which training ends; 0: never.</summary>
    public int EarlyStop { get; init; }

    /// <summary>Whose tensors the memory figures count; the CPU if null.</summary>
    public Device? Device { get; init; }

    /// <summary>Those of a recipe's training options.</summary>
    /// <param name="options">A recipe's.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="batchesPerEpoch">The task's (<see cref="TrainingTask.StepsPerEpoch"/>).</param>
    internal static TrainingSettings Of(TrainOptions options, long seed, int batchesPerEpoch) => new()
    {
        Seed = seed,
        Epochs = options.Steps > 0 ? int.MaxValue : options.Epochs,
        Schedule = Schedules.Create(options, StepsOf(batchesPerEpoch, options.AccumulationSteps)),
        LastStep = options.Steps > 0 && (options.MaxSteps == 0 || options.Steps < options.MaxSteps) ? options.Steps : options.MaxSteps,
        AccumulationSteps = options.AccumulationSteps,
        ClipNorm = options.ClipNorm,
        CheckpointEverySteps = options.CheckpointEverySteps,
        EvaluateEveryEpochs = options.EvaluateEveryEpochs,
        EvaluateEverySteps = options.EvaluateEverySteps,
        EarlyStop = options.EarlyStop,
    };

    /// <summary>How many steps so many batches of an epoch make up.</summary>
    internal static int StepsOf(int batches, int accumulation) => (batches + accumulation - 1) / accumulation;
}
