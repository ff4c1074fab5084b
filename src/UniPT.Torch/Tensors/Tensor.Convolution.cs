using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Convolution, pooling and resizing of maps [B, C, H, W].
public sealed partial class Tensor
{
    /// <summary>Two-dimensional convolution; the weight is <c>[out, in/groups, kh, kw]</c>.</summary>
    public Tensor Conv2d(Tensor weight, Tensor? bias, long stride = 1, long padding = 0, long groups = 1) => Ops.Conv2d.Call(this, weight, bias, new[] { stride, stride }, new[] { padding, padding }, new[] { 1L, 1L }, groups);

    /// <summary>Means of neighbouring windows that do not overlap.</summary>
    public Tensor AvgPool2d(long height, long width) => Ops.AvgPool2d.Call(this, new[] { height, width });

    /// <summary>Maxima of windows.</summary>
    public Tensor MaxPool2d(long size, long stride, long padding) => Ops.MaxPool2d.Call(this, new[] { size, size }, new[] { stride, stride }, new[] { padding, padding });

    /// <summary>Means of windows chosen so that the result has the given size.</summary>
    public Tensor AdaptiveAvgPool2d(long height, long width) => Ops.AdaptiveAvgPool2d.Call(this, new[] { height, width });

    /// <summary>Bilinear resizing with half-pixel centres, without antialias.</summary>
    public Tensor ResizeBilinear(long height, long width) => Ops.Bilinear.Call(this, new[] { height, width }, false);

    /// <summary>Bilinear resizing whose filter widens when shrinking.</summary>
    public Tensor ResizeBilinearAntialias(long height, long width) => Ops.BilinearAntialias.Call(this, new[] { height, width }, false);

    /// <summary>Bicubic resizing (a = −0.75) with half-pixel centres, without antialias.</summary>
    public Tensor ResizeBicubic(long height, long width) => Ops.Bicubic.Call(this, new[] { height, width }, false);

    /// <summary>Bicubic resizing (a = −0.5) whose filter widens when shrinking.</summary>
    public Tensor ResizeBicubicAntialias(long height, long width) => Ops.BicubicAntialias.Call(this, new[] { height, width }, false);

    /// <summary>Nearest-neighbour resizing.</summary>
    public Tensor ResizeNearest(long height, long width) => Ops.Nearest.Call(this, new[] { height, width });
}
