using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// Convolution, batch norm with its stored statistics and, if asked for, an activation. The two are folded into one where the
/// weights are frozen, unless the statistics are to be the batch's in training.
/// </summary>
internal sealed class ConvBatchNorm : LinearMap
{
    private readonly Tensor _kernels;
    private readonly Tensor? _bias;
    private readonly BatchNorm? _norm;
    private readonly ConvShape _shape;

    /// <summary>What folding multiplied every channel's kernels by; null where nothing was folded.</summary>
    private readonly double[]? _scale;

    /// <summary>Takes the kernels from one place and the batch norm from another, of which torchvision's files also count the batches.</summary>
    internal ConvBatchNorm(Weights convolution, Weights norm, ConvShape shape, double epsilon, bool batchStatistics = false) : base(convolution)
    {
        (Place, _shape) = (convolution, shape);
        norm.Ignore("num_batches_tracked");
        long input = shape.Input / shape.Groups;
        _kernels = convolution.Parameter(
            "weight", Initializers.FanIn(input * shape.Kernel * shape.Kernel), shape.Output, input, shape.Kernel, shape.Kernel);
        if (_kernels.requires_grad || batchStatistics)
        {
            _norm = new BatchNorm(norm, shape.Output, epsilon, frozenStatistics: !batchStatistics, frozen: shape.FrozenNorm);
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor kernels, Tensor bias, _scale) = BatchNormFolding.Fold(_kernels, norm, epsilon, shape.FrozenNorm);
        _kernels = convolution.Replace("weight", kernels.ChannelsLast());
        _bias = norm.Replace("bias", bias);
    }

    /// <inheritdoc/>
    public override long Input => _shape.Input;

    /// <inheritdoc/>
    public override long Output => _shape.Output;

    /// <inheritdoc/>
    public override bool OnMaps => true;

    /// <inheritdoc/>
    public override long Kernel => _shape.Kernel;

    /// <inheritdoc/>
    public override long Stride => _shape.Stride;

    /// <inheritdoc/>
    public override Tensor Weight => _kernels;

    /// <inheritdoc/>
    public override Tensor? Bias => _bias;

    /// <summary>The checkpoint has the kernels before the folding.</summary>
    /// <exception cref="UserException">A channel's kernels change that the batch norm multiplies by 0.</exception>
    public override Tensor InCheckpoint(Tensor change)
    {
        if (_scale is null)
        {
            return change;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor factors = TensorData.From(_scale, _scale.Length, 1, 1, 1).to(change.device);
        Tensor stored = torch.where(change.eq(Scalars.Of(0)), change, change / factors).to(change.dtype);
        return stored.isfinite().all().Item() == 0
            ? throw new UserException($"{WeightName} cannot change as asked: the batch norm behind it multiplies channels by 0.")
            : scope.MoveToOuter(stored);
    }

    /// <inheritdoc/>
    protected override Weights Place { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = base.Compute(input);
        _shape.Activation?.Apply_(output);
        return output;
    }

    /// <inheritdoc/>
    protected override Tensor Map(Tensor input)
    {
        Tensor maps = MixedPrecision.Operand(input);
        Tensor output = maps.dtype == _kernels.dtype
            ? Convolved(maps, Aligned(_kernels), _bias)
            : Convolved(maps, Aligned(_kernels).to(maps.dtype), _bias?.to(maps.dtype)).to(_kernels.dtype);
        return _norm?.forward(output) ?? output;
    }

    /// <remarks>
    /// A 1×1 kernel with stride 2 sees every second cell only, and gets those: backward of such a strided convolution over maps in
    /// channels-last order ends the process in oneDNN (libtorch 2.10, AVX-512, two threads, 3 maps of 8 channels and 16×8 cells).
    /// </remarks>
    private Tensor Convolved(Tensor maps, Tensor kernels, Tensor? bias)
    {
        long stride = _shape.Stride;
        if (_shape.Kernel == 1 && stride > 1)
        {
            maps = maps[.., .., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
            stride = 1;
        }

        return nn.functional.conv2d(maps, kernels, bias, [stride, stride], [_shape.Kernel / 2, _shape.Kernel / 2], groups: _shape.Groups);
    }

    /// <summary>
    /// Kernels with a row and a column of zeros in front, and a border all round, are the same as a border at the end only, without a
    /// padded copy of the input.
    /// </summary>
    private Tensor Aligned(Tensor kernels) => _shape is { PadsEnd: true, Stride: 2 } ? nn.functional.pad(kernels, [1, 0, 1, 0]) : kernels;
}

/// <summary>The sizes of a convolution and what follows it.</summary>
/// <param name="Input">Channels that come in.</param>
/// <param name="Output">Channels that go out.</param>
/// <param name="Kernel">Height and width of a kernel, odd.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Groups">Channels are mapped in so many groups apart; as many as there are channels: one kernel for each.</param>
/// <param name="Activation">What follows the batch norm; null for nothing.</param>
/// <param name="PadsEnd">Whether stride 2 pads with zeros at the right and the bottom only, as Keras does, instead of all round.</param>
/// <param name="FrozenNorm">Whether the batch norm has no parameters: its scale and shift are buffers as its statistics are.</param>
internal sealed record ConvShape(
    int Input, int Output, int Kernel = 1, int Stride = 1, int Groups = 1, Activation? Activation = null, bool PadsEnd = false,
    bool FrozenNorm = false);
