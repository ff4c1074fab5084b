namespace UniPT.Torch;

/// <summary>
/// The exponential moving average of parameters (EMA), with which MDETR is evaluated: <c>a ← d·a + (1 − d)·p</c> after every step,
/// from the initial parameters on. The state is saved and loaded by name, so that a run continues to the same bits.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly IReadOnlyDictionary<string, Parameter> _parameters;
    private readonly Dictionary<string, Tensor> _averages = new(StringComparer.Ordinal);
    private readonly double _decay;

    /// <summary>Starts from what the parameters are now.</summary>
    /// <param name="parameters">By name; they stay the caller's.</param>
    /// <param name="decay">d, what the average keeps at each step; MDETR's is 0.9998.</param>
    public ExponentialMovingAverage(IReadOnlyDictionary<string, Parameter> parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Parameter parameter) in parameters)
        {
            _averages.Add(name, parameter.clone().DetachFromDisposeScope());
        }
    }

    /// <summary>The averages by the parameters' names, owned by this.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => _averages;

    /// <summary>Takes in what the parameters have become.</summary>
    public void Update()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor average) in _averages)
        {
            average.mul_(Scalars.Of(_decay)).add_(_parameters[name], Scalars.Of(1 - _decay));
        }
    }

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, string origin) => StateCheck.CopyInto(_averages, state, origin);

    /// <summary>Frees the averages.</summary>
    public void Dispose()
    {
        foreach (Tensor average in _averages.Values)
        {
            average.Dispose();
        }
    }
}
