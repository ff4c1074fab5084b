namespace UniPT.Torch;

/// <summary>
/// Adam as BERT was published with and CLIP4Clip and CLIP-ViL train with (their <c>BertAdam</c>): running means are not
/// corrected for their start at 0, decay is part of the step, <c>p ← p − lr·(m / (√v + ε) + wd·p)</c>, and each parameter goes along
/// the schedule by its own count of steps. CLIP4Clip's clips each gradient on its own
/// (<see cref="NamedOptimizer.MaxTensorNorm"/> 1), CLIP-ViL's does not.
/// </summary>
/// <param name="groups">What trains.</param>
/// <param name="beta1">What the mean of gradients keeps at each step; CLIP4Clip's is 0.9.</param>
/// <param name="beta2">What the mean of their squares keeps; CLIP4Clip's is 0.98.</param>
/// <param name="epsilon">ε.</param>
public sealed class BertAdam(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6)
    : NamedOptimizer(groups)
{
    /// <inheritdoc/>
    public override void Step(LearningRateSchedule schedule, long step) => Step(taken => schedule.At(taken));

    /// <inheritdoc/>
    protected override void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay)
    {
        moments.Mean.mul_(Scalars.Of(beta1)).add_(gradient, Scalars.Of(1 - beta1));
        moments.Square.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
        Tensor step = moments.Mean / moments.Square.sqrt().Add_(epsilon);
        if (decay > 0)
        {
            step.add_(parameter, Scalars.Of(decay));
        }

        parameter.add_(step, Scalars.Of(-rate));
    }
}
