namespace UniPT.Torch;

/// <summary>
/// Adam with decoupled weight decay, as <c>torch.optim.AdamW</c>: <c>p ← p − lr·wd·p</c>, then a step along
/// <c>m̂ / (√v̂ + ε)</c>.
/// </summary>
public sealed class AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    : NamedOptimizer(groups)
{
    /// <inheritdoc/>
    protected override void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay)
    {
        long step = moments.Steps + 1;
        parameter.mul_(Scalars.Of(1 - (rate * decay)));
        moments.Mean.mul_(Scalars.Of(beta1)).add_(gradient, Scalars.Of(1 - beta1));
        moments.Square.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
        Tensor denominator = moments.Square.sqrt().div_(Scalars.Of(Math.Sqrt(1 - Math.Pow(beta2, step)))).Add_(epsilon);
        parameter.addcdiv_(moments.Mean, denominator, Scalars.Of(-rate / (1 - Math.Pow(beta1, step))));
    }
}
