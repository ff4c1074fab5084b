namespace UniPT.Torch;

/// <summary>
/// Normalises each channel (dimension 1 of <c>[B, C]</c>, <c>[B, C, N]</c> or <c>[B, C, H, W]</c>), as
/// <c>torch.nn.BatchNorm*d</c>: in training with the batch's biased variance, updating the running statistics with the
/// unbiased one. With frozen statistics the running ones are used in training too and never change.
/// </summary>
public sealed class BatchNorm : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly double _epsilon;
    private readonly double _momentum;
    private readonly bool _frozenStatistics;

    /// <summary>Takes <c>weight, bias, running_mean, running_var</c>, all <c>[channels]</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="channels">How many there are.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="momentum">What a new batch counts in the running statistics.</param>
    /// <param name="frozenStatistics">Whether the running statistics are used in training too and never change.</param>
    /// <param name="frozen">Whether scale and shift are buffers and never train, as in torchvision's <c>FrozenBatchNorm2d</c>.</param>
    public BatchNorm(
        Weights weights, long channels, double epsilon = 1e-5, double momentum = 0.1, bool frozenStatistics = false, bool frozen = false) : base(weights)
    {
        _weight = frozen ? weights.Buffer("weight", Initializers.Ones, channels) : weights.Parameter("weight", Initializers.Ones, channels);
        _bias = frozen ? weights.Buffer("bias", Initializers.Zeros, channels) : weights.Parameter("bias", Initializers.Zeros, channels);
        _mean = weights.Buffer("running_mean", Initializers.Zeros, channels);
        _variance = weights.Buffer("running_var", Initializers.Ones, channels);
        (_epsilon, _momentum, _frozenStatistics) = (epsilon, momentum, frozenStatistics);
        if (!frozenStatistics && !_weight.requires_grad)
        {
            // Frozen tensors may be the pages of a file, which cannot be written to; the running statistics are.
            using DisposeScope scope = torch.NewDisposeScope();
            weights.Replace("running_mean", _mean.clone());
            weights.Replace("running_var", _variance.clone());
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        bool batchStatistics = training && !_frozenStatistics;

        // One value a channel has no unbiased variance; a recomputed batch has been counted before.
        bool uncounted = batchStatistics && (Recomputation.IsRunning || input.numel() == _weight.numel());
        Tensor output = nn.functional.batch_norm(
            input, uncounted ? null : _mean, uncounted ? null : _variance, _weight, _bias, batchStatistics, _momentum, _epsilon);
        return output.requires_grad ? GradientLikeInput(output, input) : output;
    }

    /// <summary>
    /// libtorch's backward on the CPU reads the gradient in the input's order even where its layout differs, which
    /// happens at batch size 1 if the input or the output is flattened to <c>[B, H·W, C]</c>.
    /// </summary>
    private static Tensor GradientLikeInput(Tensor output, Tensor input)
    {
        Tensor guarded;
        using (torch.no_grad())
        {
            guarded = output.detach();
        }

        bool channelsLast = input.ndim == 4 && !input.is_contiguous();
        CustomBackward.Attach(
            [output], [guarded], (gradients, _) => [channelsLast ? gradients[0]?.ChannelsLast() : gradients[0]?.contiguous()]);
        return guarded;
    }
}
