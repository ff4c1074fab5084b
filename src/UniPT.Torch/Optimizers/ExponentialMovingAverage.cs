namespace UniPT.Torch;

/// <summary>
/// The exponential moving average of weights (EMA), with which MDETR is evaluated: <c>a ← d·a + (1 − d)·p</c> after every step,
/// from the initial weights on. The state is saved and loaded by name, so that a run continues to the same bits.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Dictionary<string, Tensor> _averages = new(StringComparer.Ordinal);
    private readonly double _decay;

    /// <summary>Starts from what the weights are now.</summary>
    /// <param name="weights">By name, parameters or buffers; they stay the caller's. Counts, which are no real numbers, are left alone.</param>
    /// <param name="decay">d, what the average keeps at each step; MDETR's is 0.9998.</param>
    public ExponentialMovingAverage(IReadOnlyDictionary<string, Tensor> weights, double decay)
    {
        _decay = decay;
        _weights = weights.Where(pair => pair.Value.is_floating_point()).ToDictionary(StringComparer.Ordinal);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor weight) in _weights)
        {
            _averages.Add(name, weight.clone());
        }

        // Only now, so that an error leaves nothing behind.
        scope.Detach(_averages.Values);
    }

    /// <summary>Bytes of the averages.</summary>
    public long ByteCount => _averages.Values.Sum(average => average.ByteCount());

    /// <summary>The averages by the weights' names, owned by this.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => _averages;

    /// <summary>Starts again from what the weights are now.</summary>
    public void Restart() => Copy(_weights, _averages);

    /// <summary>Takes in what the weights have become.</summary>
    public void Update()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor average) in _averages)
        {
            average.mul_(Scalars.Of(_decay)).add_(_weights[name], Scalars.Of(1 - _decay));
        }
    }

    /// <summary>Puts the averages in the weights' place until the result is disposed, which puts the weights back to the same bits.</summary>
    public IDisposable Use()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Dictionary<string, Tensor> kept = _weights.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);
        Copy(_averages, _weights);
        scope.Detach(kept.Values);
        return new Loan(kept, _weights);
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

    private static void Copy(Dictionary<string, Tensor> from, Dictionary<string, Tensor> to)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor tensor) in to)
        {
            tensor.copy_(from[name]);
        }
    }

    /// <summary>Weights that wait while averages stand in their place.</summary>
    private sealed class Loan(Dictionary<string, Tensor> kept, Dictionary<string, Tensor> weights) : IDisposable
    {
        public void Dispose()
        {
            Copy(kept, weights);
            foreach (Tensor tensor in kept.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
