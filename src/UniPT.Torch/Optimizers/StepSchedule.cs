namespace UniPT.Torch;

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
