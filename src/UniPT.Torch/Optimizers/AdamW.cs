namespace UniPT.Torch;

/// <summary>
/// Adam with decoupled weight decay, as <c>torch.optim.AdamW</c>: <c>p ← p − lr·wd·p</c>, then a step along
/// <c>m̂ / (√v̂ + ε)</c>. Every parameter's state is two tensors of its shape.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly List<ParameterGroup> _groups;
    private readonly Dictionary<string, (Tensor Mean, Tensor Square)> _moments = new(StringComparer.Ordinal);
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private long _step;

    /// <summary>Prepares the state of all parameters.</summary>
    public AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        _groups = [.. groups];
        using IDisposable unrecorded = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string name, Tensor parameter) in _groups.SelectMany(group => group.Parameters))
        {
            _moments.Add(name, (parameter.zeros_like().DetachFromDisposeScope(), parameter.zeros_like().DetachFromDisposeScope()));
        }
    }

    /// <summary>All parameters.</summary>
    public IEnumerable<Tensor> Parameters => _groups.SelectMany(group => group.Parameters.Values);

    /// <summary>Bytes of the state.</summary>
    public long ByteCount => _moments.Values.Sum(state => state.Mean.ByteCount() + state.Square.ByteCount());

    /// <summary>Changes the parameters by their gradients; one without a gradient stays as it is.</summary>
    /// <param name="learningRate">The schedule's rate; each group multiplies it by its own factor.</param>
    public void Step(double learningRate)
    {
        _step++;
        double correction1 = 1 - Math.Pow(_beta1, _step);
        double correction2 = Math.Sqrt(1 - Math.Pow(_beta2, _step));
        using IDisposable unrecorded = torch.no_grad();
        foreach (ParameterGroup group in _groups)
        {
            double rate = learningRate * group.LearningRateFactor;
            foreach ((string name, Tensor parameter) in group.Parameters)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                if (parameter.grad is not { } gradient)
                {
                    continue;
                }

                (Tensor mean, Tensor square) = _moments[name];
                parameter.mul_(1 - (rate * group.WeightDecay));
                mean.mul_(_beta1);
                mean.add_(gradient, 1 - _beta1);
                square.mul_(_beta2);
                square.addcmul_(gradient, gradient, 1 - _beta2);
                Tensor denominator = square.sqrt();
                denominator.div_(correction2);
                denominator.add_(_epsilon);
                parameter.addcdiv_(mean, denominator, -rate / correction1);
            }
        }
    }

    /// <summary>Frees all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>The state by name, without the step count; what <see cref="LoadState"/> takes.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => _moments
        .SelectMany(pair => new[] { KeyValuePair.Create($"{pair.Key}.mean", pair.Value.Mean), KeyValuePair.Create($"{pair.Key}.square", pair.Value.Square) })
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, long step, string origin)
    {
        IReadOnlyDictionary<string, Tensor> own = State();
        StateCheck.Same(own, state, origin);
        foreach ((string name, Tensor tensor) in own)
        {
            tensor.copy_(state[name]);
        }

        _step = step;
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach ((Tensor mean, Tensor square) in _moments.Values)
        {
            mean.Dispose();
            square.Dispose();
        }
    }
}
