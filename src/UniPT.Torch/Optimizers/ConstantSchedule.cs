namespace UniPT.Torch;

/// <summary>The same rate throughout.</summary>
public sealed class ConstantSchedule(double rate, long warmupSteps = 0) : LearningRateSchedule(rate, warmupSteps)
{
    /// <inheritdoc/>
    protected override double Factor(long step) => 1;
}
