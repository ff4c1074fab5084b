namespace UniPT.Torch;

/// <summary>
/// Adam, as <c>torch.optim.Adam</c>: a step along <c>m̂ / (√v̂ + ε)</c>. Weight decay is L2 regularisation, part of the gradient:
/// <c>g ← g + wd·p</c>. Decoupled from it, it is <see cref="AdamW"/>.
/// </summary>
public class Adam : NamedOptimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly bool _decoupled;

    /// <summary>Prepares the state of all parameters.</summary>
    /// <param name="groups">What trains.</param>
    /// <param name="beta1">What the mean of gradients keeps at each step.</param>
    /// <param name="beta2">What the mean of their squares keeps.</param>
    /// <param name="epsilon">ε.</param>
    public Adam(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : this(groups, beta1, beta2, epsilon, decoupled: false)
    {
    }

    /// <summary>The same with a choice of where the decay acts.</summary>
    private protected Adam(IEnumerable<ParameterGroup> groups, double beta1, double beta2, double epsilon, bool decoupled)
        : base(groups) => (_beta1, _beta2, _epsilon, _decoupled) = (beta1, beta2, epsilon, decoupled);

    /// <inheritdoc/>
    protected sealed override void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay)
    {
        long step = moments.Steps + 1;
        if (_decoupled)
        {
            parameter.mul_(Scalars.Of(1 - (rate * decay)));
        }
        else if (decay > 0)
        {
            gradient = gradient.add(parameter, Scalars.Of(decay));
        }

        moments.Mean.mul_(Scalars.Of(_beta1)).add_(gradient, Scalars.Of(1 - _beta1));
        moments.Square.mul_(Scalars.Of(_beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - _beta2));
        Tensor denominator = moments.Square.sqrt().div_(Scalars.Of(Math.Sqrt(1 - Math.Pow(_beta2, step)))).Add_(_epsilon);
        parameter.addcdiv_(moments.Mean, denominator, Scalars.Of(-rate / (1 - Math.Pow(_beta1, step))));
    }
}
