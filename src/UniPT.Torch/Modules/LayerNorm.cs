namespace UniPT.Torch;

/// <summary>Normalises the last dimension with its biased variance, as <c>torch.nn.LayerNorm</c>.</summary>
public sealed class LayerNorm : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly double _epsilon;

    /// <summary>Takes <c>weight</c> and <c>bias</c>, both <c>[width]</c>.</summary>
    public LayerNorm(Weights weights, long width, double epsilon = 1e-5)
    {
        _weight = weights.Parameter("weight", Initializers.Ones, width);
        _bias = weights.Parameter("bias", Initializers.Zeros, width);
        _epsilon = epsilon;
        weights.MarkNorm();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.LayerNorm(_weight, _bias, _epsilon);
}
