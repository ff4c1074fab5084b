namespace UniPT.Torch;

/// <summary>Falls along half a cosine from the rate at the end of the warm-up to 0 after the last step.</summary>
public sealed class CosineSchedule(double rate, long totalSteps, long warmupSteps = 0) : LearningRateSchedule(rate, warmupSteps)
{
    private readonly long _warmupSteps = warmupSteps;

    /// <inheritdoc/>
    protected override double Factor(long step)
    {
        double progress = (step - _warmupSteps) / (double)Math.Max(1, totalSteps - _warmupSteps);
        return step < _warmupSteps ? 1 : 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, progress)));
    }
}
