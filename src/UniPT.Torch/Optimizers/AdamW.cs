namespace UniPT.Torch;

/// <summary>
/// <c>torch.optim.AdamW</c> over named parameters, with a state that is saved and loaded by name. Every parameter's state is two
/// tensors of its shape and a count of steps.
/// </summary>
public sealed class AdamW : IDisposable
{
    // One optimizer a tensor: TorchSharp's keeps what a step makes in between until its last parameter is done.
    private readonly Dictionary<string, (ParameterGroup Group, TorchSharp.Modules.AdamW Optimizer)> _optimizers = new(StringComparer.Ordinal);

    /// <summary>Prepares the state of all parameters.</summary>
    public AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        foreach (ParameterGroup group in groups)
        {
            foreach ((string name, Parameter parameter) in group.Parameters)
            {
                _optimizers.Add(name, (group, optim.AdamW([parameter], lr: 0, beta1, beta2, epsilon, group.WeightDecay)));
            }
        }
    }

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => _optimizers.Values.SelectMany(entry => entry.Optimizer.parameters());

    /// <summary>Bytes of the state's tensors.</summary>
    public long ByteCount => _optimizers.Values.Select(entry => StateOf(entry.Optimizer)).Sum(state => state.exp_avg.ByteCount() + state.exp_avg_sq.ByteCount());

    /// <summary>Changes the parameters by their gradients; one without a gradient stays as it is.</summary>
    /// <param name="learningRate">The schedule's rate; each group multiplies it by its own factor.</param>
    public void Step(double learningRate)
    {
        foreach ((ParameterGroup group, TorchSharp.Modules.AdamW optimizer) in _optimizers.Values)
        {
            optimizer.ParamGroups.Single().LearningRate = learningRate * group.LearningRateFactor;
            optimizer.step();
        }
    }

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
        var all = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, (_, TorchSharp.Modules.AdamW optimizer)) in _optimizers)
        {
            TorchSharp.Modules.AdamW.State state = StateOf(optimizer);
            all.Add($"{name}.exp_avg", state.exp_avg);
            all.Add($"{name}.exp_avg_sq", state.exp_avg_sq);
            all.Add($"{name}.step", TensorData.From([state.step], 1));
        }

        return all;
    }

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, string origin)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        StateCheck.Same(State(), state, origin);
        foreach ((string name, (_, TorchSharp.Modules.AdamW optimizer)) in _optimizers)
        {
            TorchSharp.Modules.AdamW.State own = StateOf(optimizer);
            own.exp_avg.copy_(state[$"{name}.exp_avg"]);
            own.exp_avg_sq.copy_(state[$"{name}.exp_avg_sq"]);
            own.step = state[$"{name}.step"].ToInt64();
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach ((_, TorchSharp.Modules.AdamW optimizer) in _optimizers.Values)
        {
            optimizer.Dispose();
        }
    }

    private static TorchSharp.Modules.AdamW.State StateOf(TorchSharp.Modules.AdamW optimizer) =>
        (TorchSharp.Modules.AdamW.State)optimizer.state_dict().State.Single();
}
