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
