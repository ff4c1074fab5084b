using System.Runtime.Intrinsics.X86;

namespace UniPT.Torch;

/// <summary>
/// <c>torch.nn.functional.linear</c> for many tokens. libtorch takes float products from Intel's MKL, which gives other makers'
/// processors kernels of about half their speed (AMD EPYC, one thread: 107 GFLOP/s against 240), and convolutions from
/// oneDNN, which asks only what a processor can. A linear map is a 1×1 convolution of pixels, so there it is computed as one.
/// </summary>
public static class DenseProduct
{
    // Below, arranging the weight for the convolution takes longer than it gains.
    private const long FewestRows = 512;

    // From as many pictures on, libtorch leaves 1×1 convolutions to oneDNN whatever the number of threads.
    private const long Pictures = 16;
    private static readonly bool Convolves = HasOtherMaker();

    /// <summary><c>input · weightᵀ + bias</c>, <c>[…, in] → […, out]</c>; what is recorded is computed as a matrix product.</summary>
    /// <param name="input">Tokens.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>, or null.</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias)
    {
        long rows = input.numel() / Math.Max(1, input.size(-1));
        if (!Convolves || torch.is_grad_enabled() || rows < FewestRows || input.ndim < 2 || input.dtype != ScalarType.Float32
            || weight.dtype != ScalarType.Float32 || weight.ndim != 2 || input.size(-1) != weight.size(1) || input.device_type != DeviceType.CPU || !input.is_contiguous())
        {
            return nn.functional.linear(input, weight, bias);
        }

        long first = input.size(0);
        long pictures = input.ndim > 2 && first >= Pictures ? first : rows % Pictures == 0 ? Pictures : 1;
        if (pictures == 1)
        {
            return nn.functional.linear(input, weight, bias);
        }

        // Channels come last in memory, before and after, so nothing is copied but the weight.
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor pixels = input.view(pictures, 1, rows / pictures, input.size(-1)).permute(0, 3, 1, 2);
        Tensor output = nn.functional.conv2d(pixels, weight.unsqueeze(-1).unsqueeze(-1), bias);
        return scope.MoveToOuter(output.permute(0, 2, 3, 1).reshape([.. input.shape[..^1], weight.size(0)]));
    }

    private static bool HasOtherMaker()
    {
        if (!X86Base.IsSupported)
        {
            return false;
        }

        // "GenuineIntel", whose first four letters are enough.
        (_, int letters, _, _) = X86Base.CpuId(0, 0);
        return letters != 0x756E_6547;
    }
}
