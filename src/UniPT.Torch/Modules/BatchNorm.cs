namespace UniPT.Torch;

/// <summary>
/// Normalises each channel (dimension 1 of <c>[B, C]</c>, <c>[B, C, N]</c> or <c>[B, C, H, W]</c>), as
/// <c>torch.nn.BatchNorm*d</c>: in training with the batch's biased variance, updating the running statistics with the
/// unbiased one.
/// </summary>
public sealed class BatchNorm : Module
{
    private readonly Mode _mode;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly double _epsilon;
    private readonly double _momentum;

    /// <summary>Takes <c>weight, bias, running_mean, running_var</c>, all <c>[channels]</c>.</summary>
    public BatchNorm(Weights weights, long channels, double epsilon = 1e-5, double momentum = 0.1)
    {
        _mode = weights.Mode;
        _weight = weights.Parameter("weight", Initializers.Ones, channels);
        _bias = weights.Parameter("bias", Initializers.Zeros, channels);
        _mean = weights.Buffer("running_mean", Initializers.Zeros, channels);
        _variance = weights.Buffer("running_var", Initializers.Ones, channels);
        (_epsilon, _momentum) = (epsilon, momentum);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = input.BatchNorm(_weight, _bias, _mean, _variance, _mode.Training, _momentum, _epsilon);
        return output.RequiresGrad ? ContiguousGradient(output) : output;
    }

    /// <summary>
    /// libtorch 1.13's backward on the CPU reads a gradient in the wrong order when its layout differs from the
    /// input's, which happens at batch size 1 if the output is flattened to <c>[B, H·W, C]</c>.
    /// </summary>
    private static Tensor ContiguousGradient(Tensor output)
    {
        Tensor guarded;
        using (Gradients.Off())
        {
            guarded = output.Detach();
        }

        CustomBackward.Attach([output], [guarded], gradients => [gradients[0]?.Contiguous()]);
        return guarded;
    }
}
