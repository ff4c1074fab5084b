using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Makes a frozen convolution and the batch norm after it one convolution.</summary>
internal static class BatchNormFolding
{
    /// <summary>
    /// Scales the kernels by γ/√(σ² + ε) and gives the bias β − μ·γ/√(σ² + ε); computed in double, because a variance near
    /// 0 makes the scale large. The third result is that scale, one number for each channel that goes out; null on the meta device, where there are no numbers.
    /// </summary>
    /// <param name="kernels"><c>[out, in/groups, kh, kw]</c>.</param>
    /// <param name="norm">Where the batch norm's four tensors stand.</param>
    /// <param name="epsilon">The batch norm's ε.</param>
    /// <param name="frozen">Whether scale and shift are buffers.</param>
    internal static (Tensor Kernels, Tensor Bias, double[]? Scale) Fold(Tensor kernels, Weights norm, double epsilon, bool frozen = false)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long channels = kernels.size(0);
        Tensor weight = frozen ? norm.Buffer("weight", Initializers.Ones, channels) : norm.Parameter("weight", Initializers.Ones, channels);
        Tensor shift = frozen ? norm.Buffer("bias", Initializers.Zeros, channels) : norm.Parameter("bias", Initializers.Zeros, channels);
        (Tensor gamma, Tensor beta) = (weight.to(ScalarType.Float64), shift.to(ScalarType.Float64));
        Tensor mean = norm.Buffer("running_mean", Initializers.Zeros, channels).to(ScalarType.Float64);
        Tensor variance = norm.Buffer("running_var", Initializers.Ones, channels).to(ScalarType.Float64);
        norm.Exclude("weight");
        Tensor scale = gamma / variance.Add(epsilon).sqrt();
        Tensor folded = kernels.to(ScalarType.Float64) * scale.view(-1, 1, 1, 1);
        double[]? values = scale.device_type == DeviceType.META ? null : scale.ToArray<double>();
        return (scope.MoveToOuter(folded.to(kernels.dtype)), scope.MoveToOuter((beta - (mean * scale)).to(kernels.dtype)), values);
    }
}
