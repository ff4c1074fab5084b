namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Conv2d = new("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, int[2] dilation=1, int groups=1)");
    internal static readonly Operator AvgPool2d = new("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None)");
    internal static readonly Operator MaxPool2d = new("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0)");
    internal static readonly Operator AdaptiveAvgPool2d = new("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size)");
    internal static readonly Operator Bilinear = new("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners)");
    internal static readonly Operator BilinearAntialias = new("aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners)");
    internal static readonly Operator Bicubic = new("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners)");
    internal static readonly Operator BicubicAntialias = new("aten::_upsample_bicubic2d_aa(Tensor self, SymInt[2] output_size, bool align_corners)");
    internal static readonly Operator Nearest = new("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size)");
}
