using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>From a recipe's options to a learning-rate schedule.</summary>
internal static class Schedules
{
    internal static LearningRateSchedule Create(TrainOptions options, int stepsPerEpoch)
    {
        long total = (long)options.Epochs * stepsPerEpoch;
        return options.Schedule switch
        {
            Schedule.Step => new StepSchedule(
                options.LearningRate, [.. options.StepEpochs.Select(epoch => (long)epoch * stepsPerEpoch)], options.StepFactor, options.WarmupSteps),
            Schedule.Linear => new LinearSchedule(options.LearningRate, total, options.WarmupSteps),
            Schedule.Cosine => new CosineSchedule(options.LearningRate, total, options.WarmupSteps),
            _ => new ConstantSchedule(options.LearningRate, options.WarmupSteps),
        };
    }
}
