namespace UniPT.Torch;

/// <summary>A layer that normalises every token on its own.</summary>
public abstract class Norm : Module
{
    private protected Norm(Weights weights, long width, double epsilon) : base(weights)
    {
        (Weight, Epsilon) = (weights.Parameter("weight", Initializers.Ones, width), epsilon);
        weights.MarkNorm();
    }

    /// <summary>The scale, owned by the store.</summary>
    public Tensor Weight { get; }

    /// <summary>The shift, owned by the store; null for a norm without.</summary>
    public abstract Tensor? Bias { get; }

    /// <summary>What is added to the variance or the mean square.</summary>
    public double Epsilon { get; }
}

/// <summary>Normalises the last dimension with its biased variance, as <c>torch.nn.LayerNorm</c>.</summary>
public sealed class LayerNorm : Norm
{
    private readonly Tensor _bias;

    /// <summary>Takes <c>weight</c> and <c>bias</c>, both <c>[width]</c>.</summary>
    public LayerNorm(Weights weights, long width, double epsilon = 1e-5) : base(weights, width, epsilon) =>
        _bias = weights.Parameter("bias", Initializers.Zeros, width);

    /// <inheritdoc/>
    public override Tensor Bias => _bias;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => nn.functional.layer_norm(input, [input.size(-1)], Weight, Bias, Epsilon);
}
