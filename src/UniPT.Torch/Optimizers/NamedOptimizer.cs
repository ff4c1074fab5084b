namespace UniPT.Torch;

/// <summary>
/// Changes named parameters by their gradients and keeps, for each, a count of steps and two running means. The state is saved and
/// loaded by name, so that a run continues to the same bits. TorchSharp's own optimizers compute the same, but hold what a step
/// makes in between until the last parameter is done, and give native code numbers that the garbage collector may free
/// meanwhile (see <see cref="Scalars"/>).
/// </summary>
public abstract class NamedOptimizer : IDisposable
{
    private const string StateAdvice = "train fewer parameters";

    // What clip_grad_norm_ of PyTorch adds to a norm before it divides by it.
    private const double NormFloor = 1e-6;

    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly Dictionary<string, Moments> _moments = new(StringComparer.Ordinal);

    /// <summary>Prepares the state of all parameters.</summary>
    protected NamedOptimizer(IEnumerable<ParameterGroup> groups)
    {
        _groups = [.. groups];
        using IDisposable unrecorded = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string name, Parameter parameter) in _groups.SelectMany(group => group.Parameters))
        {
            Tensor Zeros() => TorchErrors.Explain(() => parameter.zeros_like(), StateAdvice);
            _moments.Add(name, new Moments(Zeros(), Zeros()));
        }

        // Only now, so that an error leaves nothing behind.
        foreach (Moments moments in _moments.Values)
        {
            scope.Detach(moments.Mean, moments.Square);
        }
    }

    /// <summary>
    /// The largest L2 norm of one parameter's gradient, which a step takes scaled down where it is larger; the gradient itself stays as
    /// it is. 0 for no such limit.
    /// </summary>
    public double MaxTensorNorm { get; init; }

    /// <summary>The parameters by their rules.</summary>
    public IReadOnlyList<ParameterGroup> Groups => _groups;

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => _groups.SelectMany(group => group.Parameters.Values);

    /// <summary>Bytes of the state's tensors.</summary>
    public long ByteCount => _moments.Values.Sum(moments => moments.Mean.ByteCount() + moments.Square.ByteCount());

    /// <summary>Changes the parameters by their gradients; one without a gradient stays as it is.</summary>
    /// <param name="learningRate">The schedule's rate; each group multiplies it by its own factor.</param>
    public void Step(double learningRate) => Step(_ => learningRate);

    /// <summary>The same with the rate that a schedule has at a step.</summary>
    /// <param name="schedule">Its rates; each group multiplies them by its own factor.</param>
    /// <param name="step">
    /// Steps before this one. An optimizer may go by how often each parameter was changed instead, as <see cref="BertAdam"/> does: one
    /// that had no gradient in some steps is then behind the others.
    /// </param>
    public virtual void Step(LearningRateSchedule schedule, long step) => Step(schedule.At(step));

    /// <summary>Frees all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>
    /// The state by name: <c>NAME.exp_avg</c> and <c>NAME.exp_avg_sq</c>, which the optimizer owns, and <c>NAME.step</c>, one
    /// number in the current scope.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Moments moments) in _moments)
        {
            state.Add($"{name}.exp_avg", moments.Mean);
            state.Add($"{name}.exp_avg_sq", moments.Square);
            state.Add($"{name}.step", TensorData.From([moments.Steps], 1));
        }

        return state;
    }

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, string origin)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        StateCheck.Same(State(), state, origin);
        foreach ((string name, Moments moments) in _moments)
        {
            moments.Mean.copy_(state[$"{name}.exp_avg"]);
            moments.Square.copy_(state[$"{name}.exp_avg_sq"]);
            moments.Steps = state[$"{name}.step"].ToArray<long>()[0];
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (Moments moments in _moments.Values)
        {
            moments.Mean.Dispose();
            moments.Square.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Changes one parameter.</summary>
    /// <param name="parameter">What trains.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="moments">Its running means, to be changed too; the steps are counted afterwards.</param>
    /// <param name="rate">The group's learning rate.</param>
    /// <param name="decay">The group's weight decay.</param>
    protected abstract void Update(Parameter parameter, Tensor gradient, Moments moments, double rate, double decay);

    /// <summary>Changes all parameters with a rate that depends on how often each was changed before.</summary>
    private protected void Step(Func<long, double> learningRate)
    {
        using IDisposable unrecorded = torch.no_grad();
        foreach (ParameterGroup group in _groups)
        {
            foreach ((string name, Parameter parameter) in group.Parameters)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                if (parameter.grad is { } gradient)
                {
                    Moments moments = _moments[name];
                    double rate = learningRate(moments.Steps) * group.LearningRateFactor;
                    TorchErrors.Explain(() => Update(parameter, Clip(gradient), moments, rate, group.WeightDecay), StateAdvice);
                    moments.Steps++;
                }
            }
        }
    }

    private Tensor Clip(Tensor gradient) => MaxTensorNorm > 0
        ? gradient * (gradient.norm().Add(NormFloor).reciprocal() * Scalars.Of(MaxTensorNorm)).clamp_max(Scalars.Of(1))
        : gradient;

    /// <summary>What is kept of a parameter's gradients.</summary>
    /// <param name="mean">Their running mean.</param>
    /// <param name="square">The running mean of their squares.</param>
    protected sealed class Moments(Tensor mean, Tensor square)
    {
        /// <summary>The running mean of the gradients.</summary>
        public Tensor Mean { get; } = mean;

        /// <summary>The running mean of their squares.</summary>
        public Tensor Square { get; } = square;

        /// <summary>Steps so far.</summary>
        public long Steps { get; set; }
    }
}
