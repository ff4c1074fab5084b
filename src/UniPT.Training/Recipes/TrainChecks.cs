using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>Checks that options of the training loop fit each other.</summary>
internal static class TrainChecks
{
    /// <summary>All that is wrong; keys are those of a whole recipe.</summary>
    internal static IEnumerable<OptionProblem> Check(TrainOptions train)
    {
        if (!train.StepEpochs.Zip(train.StepEpochs.Skip(1)).All(pair => pair.First < pair.Second))
        {
            yield return new("train.step_epochs", $"is {train.StepEpochs}; expected each number to be larger than the one before.");
        }

        if (train is { Schedule: Schedule.Step or Schedule.StepLate, StepEpochs.Count: 0 })
        {
            yield return new("train.step_epochs", $"is empty; expected some epoch because train.schedule is {OptionText.Format(train.Schedule)}.");
        }

        if (train is { WarmupShare: > 0, WarmupSteps: > 0 })
        {
            yield return new(
                "train.warmup_share",
                $"is {OptionText.Format(train.WarmupShare)}; expected 0 because train.warmup_steps is {OptionText.Format(train.WarmupSteps)}.");
        }

        if (train is { EvaluateEverySteps: > 0, EvaluateEveryEpochs: not 1 })
        {
            yield return new(
                "train.evaluate_every_epochs",
                $"is {OptionText.Format(train.EvaluateEveryEpochs)}; expected to be left out because train.evaluate_every_steps is {OptionText.Format(train.EvaluateEverySteps)}.");
        }
    }
}
