namespace UniPT.Torch;

/// <summary><c>x·Wᵀ + b</c> over the last dimension, <c>[…, in] → […, out]</c>, as <c>torch.nn.Linear</c>.</summary>
public sealed class Linear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    /// <summary>Takes <c>weight [out, in]</c> and <c>bias [out]</c>.</summary>
    /// <param name="weights">Where the two stand.</param>
    /// <param name="input">Width of what comes in.</param>
    /// <param name="output">Width of what goes out.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <param name="initializer">For a fresh weight; PyTorch's default where null.</param>
    public Linear(Weights weights, long input, long output, bool bias = true, Initializer? initializer = null)
    {
        _weight = weights.Parameter("weight", initializer ?? Initializers.FanIn(input), output, input);
        _bias = bias ? weights.Parameter("bias", initializer is null ? Initializers.FanIn(input) : Initializers.Zeros, output) : null;
    }

    /// <summary>Some of the outputs, <c>[…, in] → […, count]</c>, from <paramref name="start"/> on.</summary>
    public Tensor Forward(Tensor input, long start, long count)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(input.Linear(_weight.Narrow(0, start, count), _bias?.Narrow(0, start, count)));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        // Of other layouts libtorch 1.13 makes a product with a weight, and a gradient of it, for every row of the batch.
        return (input.IsContiguous ? input : input.Contiguous()).Linear(_weight, _bias);
    }
}
