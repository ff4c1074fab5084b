namespace UniPT.Torch;

/// <summary>
/// Adam as BERT was published with and CLIP4Clip and CLIP-ViL train with (their <c>BertAdam</c>): running means are not
/// corrected for their start at 0, decay is part of the step, <c>p ← p − lr·(m / (√v + ε) + wd·p)</c>, and the gradient of each
/// parameter is first clipped on its own.
/// </summary>
/// <param name="groups">What trains.</param>
/// <param name="beta1">What the mean of gradients keeps at each step; CLIP4Clip's is 0.9.</param>
/// <param name="beta2">What the mean of their squares keeps; CLIP4Clip's is 0.98.</param>
/// <param name="epsilon">ε.</param>
/// <param name="maxGradientNorm">The largest norm of one parameter's gradient; 0 clips none, as CLIP-ViL's.</param>
public sealed class BertAdam(
    IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6, double maxGradientNorm = 1)
    : NamedOptimizer(groups)
{
    // What clip_grad_norm_ of PyTorch adds to a norm before it divides by it.
    private const double NormFloor = 1e-6;

    /// <inheritdoc/>
    protected override void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay)
    {
        Tensor clipped = maxGradientNorm > 0 ? gradient * Share(gradient) : gradient;
        moments.Mean.mul_(Scalars.Of(beta1)).add_(clipped, Scalars.Of(1 - beta1));
        moments.Square.mul_(Scalars.Of(beta2)).addcmul_(clipped, clipped, Scalars.Of(1 - beta2));
        Tensor step = moments.Mean / moments.Square.sqrt().add_(Scalars.Of(epsilon));
        if (decay > 0)
        {
            step.add_(parameter, Scalars.Of(decay));
        }

        parameter.add_(step, Scalars.Of(-rate));
    }

    /// <summary>What of the gradient is used, at most 1.</summary>
    private Tensor Share(Tensor gradient) =>
        ((gradient.norm() + Scalars.Of(NormFloor)).reciprocal() * Scalars.Of(maxGradientNorm)).clamp_max(Scalars.Of(1));
}
