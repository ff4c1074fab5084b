using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>From a recipe's options to a learning-rate schedule.</summary>
internal static class Schedules
{
    /// <param name="options">A recipe's.</param>
    /// <param name="stepsPerEpoch">Changes of the weights an epoch.</param>
    internal static LearningRateSchedule Create(TrainOptions options, int stepsPerEpoch)
    {
        double rate = options.LearningRate;
        long total = options.Steps > 0 ? options.Steps : (long)options.Epochs * stepsPerEpoch;
        long warmup = options.WarmupShare > 0 ? (long)(options.WarmupShare * total) : options.WarmupSteps;
        return options.Schedule switch
        {
            Schedule.Step => Falling(late: 0),
            Schedule.StepLate => Falling(late: 1),
            Schedule.Linear => new LinearSchedule(rate, total, warmup),
            Schedule.Cosine => new CosineSchedule(rate, total, warmup),
            Schedule.WarmupConstant => FromZero(BertScheduleKind.WarmupConstant),
            Schedule.WarmupLinear => FromZero(BertScheduleKind.WarmupLinear),
            Schedule.WarmupCosine => FromZero(BertScheduleKind.WarmupCosine),
            _ => new ConstantSchedule(rate, warmup),
        };

        StepSchedule Falling(int late) =>
            new(rate, [.. options.StepEpochs.Select(epoch => ((long)epoch * stepsPerEpoch) + late)], options.StepFactor, warmup);

        // A share need not be a whole number of steps here.
        BertSchedule FromZero(BertScheduleKind kind) =>
            new(kind, rate, total, options.WarmupShare > 0 ? options.WarmupShare : (double)options.WarmupSteps / total);
    }
}
