namespace UniPT.Torch;

/// <summary>
/// <c>x·Wᵀ + b</c> over the last dimension, <c>[…, in] → […, out]</c>, as <c>torch.nn.Linear</c>. What comes in may have another
/// type than the weight: the product is taken in that type then, and given in the weight's.
/// </summary>
public sealed class Linear : LinearMap
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long? _start;

    /// <summary>Takes <c>weight [out, in]</c> and <c>bias [out]</c>.</summary>
    /// <param name="weights">Where the two stand.</param>
    /// <param name="input">Width of what comes in.</param>
    /// <param name="output">Width of what goes out.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <param name="initializer">For a fresh weight; where null what <see cref="Weights.StartLinears"/> said, or PyTorch's default.</param>
    public Linear(Weights weights, long input, long output, bool bias = true, Initializer? initializer = null) : base(weights)
    {
        (Place, Input, Output) = (weights, input, output);
        initializer ??= weights.LinearStart;
        _weight = weights.Parameter("weight", initializer ?? Initializers.FanIn(input), output, input);
        _bias = bias ? weights.Parameter("bias", initializer is null ? Initializers.FanIn(input) : Initializers.Zeros, output) : null;
    }

    private Linear(Linear whole, long start, long count)
    {
        (Place, _weight, _bias) = (whole.Place, whole._weight, whole._bias);
        (Input, Output, _start) = (whole.Input, count, start);
    }

    /// <inheritdoc/>
    public override long Input { get; }

    /// <inheritdoc/>
    public override long Output { get; }

    /// <inheritdoc/>
    public override bool OnMaps => false;

    /// <inheritdoc/>
    public override Tensor Weight => _start is { } start ? _weight.narrow(0, start, Output) : _weight;

    /// <inheritdoc/>
    public override Tensor? Bias => _start is { } start ? _bias?.narrow(0, start, Output) : _bias;

    /// <summary>Some of the outputs as a map of its own, <c>[…, in] → […, count]</c>, that shares this one's weights.</summary>
    public Linear Part(long start, long count) => new(this, start, count);

    /// <inheritdoc/>
    public override Tensor WeightIn(IReadOnlyDictionary<string, Tensor> byName) =>
        _start is { } start ? base.WeightIn(byName).narrow(0, start, Output) : base.WeightIn(byName);

    /// <inheritdoc/>
    protected override Weights Place { get; }

    /// <inheritdoc/>
    protected override Tensor Map(Tensor input)
    {
        // Of other layouts libtorch makes a product with a weight, and a gradient of it, for every row of the batch.
        Tensor rows = MixedPrecision.Operand(input.is_contiguous() ? input : input.contiguous());
        return rows.dtype == _weight.dtype
            ? DenseProduct.Of(rows, Weight, Bias)
            : DenseProduct.Of(rows, Weight.to(rows.dtype), Bias?.to(rows.dtype)).to(_weight.dtype);
    }
}
