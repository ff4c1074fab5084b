namespace UniPT.Torch;

/// <summary>
/// <c>AdamW</c> of Hugging Face's Transformers, with which CLIP-ViL trains on several GPUs. Unlike <see cref="AdamW"/>, ε is added
/// to the root of the uncorrected mean of squares, and the decay comes after the step.
/// </summary>
public sealed class HuggingFaceAdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6)
    : NamedOptimizer(groups)
{
    /// <inheritdoc/>
    protected override void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay)
    {
        long step = moments.Steps + 1;
        moments.Mean.mul_(Scalars.Of(beta1)).add_(gradient, Scalars.Of(1 - beta1));
        moments.Square.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
        double size = rate * Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step));
        parameter.addcdiv_(moments.Mean, moments.Square.sqrt().add_(Scalars.Of(epsilon)), Scalars.Of(-size));
        parameter.mul_(Scalars.Of(1 - (rate * decay)));
    }
}
