namespace UniPT.Torch;

/// <summary>Normalises the last dimension with its biased variance, as <c>torch.nn.LayerNorm</c>.</summary>
public sealed class LayerNorm : Module
{
    /// <summary>Takes <c>weight</c> and <c>bias</c>, both <c>[width]</c>.</summary>
    public LayerNorm(Weights weights, long width, double epsilon = 1e-5) : base(weights)
    {
        Weight = weights.Parameter("weight", Initializers.Ones, width);
        Bias = weights.Parameter("bias", Initializers.Zeros, width);
        Epsilon = epsilon;
        weights.MarkNorm();
    }

    /// <summary>The scale, owned by the store.</summary>
    public Tensor Weight { get; }

    /// <summary>The shift, owned by the store.</summary>
    public Tensor Bias { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => nn.functional.layer_norm(input, [input.size(-1)], Weight, Bias, Epsilon);
}
