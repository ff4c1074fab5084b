namespace UniPT.Torch;

/// <summary>The learning rate as a function of the step, so that a resumed run needs no state for it.</summary>
public abstract class LearningRateSchedule
{
    private readonly double _rate;
    private readonly long _warmupSteps;

    /// <summary>Sets the base rate and the linear warm-up.</summary>
    /// <param name="rate">The highest rate.</param>
    /// <param name="warmupSteps">Steps over which the rate rises linearly from <c>rate / warmupSteps</c>; 0: none.</param>
    protected LearningRateSchedule(double rate, long warmupSteps = 0) => (_rate, _warmupSteps) = (rate, warmupSteps);

    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step) => _rate * Factor(step) * (step < _warmupSteps ? (step + 1.0) / _warmupSteps : 1);

    /// <summary>The share of the base rate at a step, without the warm-up.</summary>
    protected abstract double Factor(long step);
}

/// <summary>The same rate throughout.</summary>
public sealed class ConstantSchedule(double rate, long warmupSteps = 0) : LearningRateSchedule(rate, warmupSteps)
{
    /// <inheritdoc/>
    protected override double Factor(long step) => 1;
}

/// <summary>Multiplies the rate by a factor at each of the given steps.</summary>
/// <param name="rate">The rate before the first of them.</param>
/// <param name="steps">The first steps, counted from 0, of the lower rates.</param>
/// <param name="factor">For example 0.1.</param>
/// <param name="warmupSteps">Steps of linear warm-up.</param>
public sealed class StepSchedule(double rate, IReadOnlyList<long> steps, double factor, long warmupSteps = 0)
    : LearningRateSchedule(rate, warmupSteps)
{
    /// <inheritdoc/>
    protected override double Factor(long step) => Math.Pow(factor, steps.Count(at => step >= at));
}

/// <summary>Falls linearly from the rate at the end of the warm-up to 0 after the last step.</summary>
public sealed class LinearSchedule(double rate, long totalSteps, long warmupSteps = 0) : LearningRateSchedule(rate, warmupSteps)
{
    private readonly long _warmupSteps = warmupSteps;

    /// <inheritdoc/>
    protected override double Factor(long step) =>
        step < _warmupSteps ? 1 : Math.Max(0, (totalSteps - step) / (double)Math.Max(1, totalSteps - _warmupSteps));
}

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
