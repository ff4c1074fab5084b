namespace UniPT.Torch;

/// <summary>Falls linearly from the rate at the end of the warm-up to 0 after the last step.</summary>
public sealed class LinearSchedule(double rate, long totalSteps, long warmupSteps = 0) : LearningRateSchedule(rate, warmupSteps)
{
    private readonly long _warmupSteps = warmupSteps;

    /// <inheritdoc/>
    protected override double Factor(long step) =>
        step < _warmupSteps ? 1 : Math.Max(0, (totalSteps - step) / (double)Math.Max(1, totalSteps - _warmupSteps));
}
