using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Views and rearrangements.
public sealed partial class Tensor
{
    // c10::MemoryFormat::ChannelsLast.
    private const long ChannelsLastFormat = 2;

    /// <summary>The same elements in another shape; −1 stands for what is left.</summary>
    public Tensor Reshape(params long[] shape) => Ops.Reshape.Call(this, shape);

    /// <summary>As reshape, but never copies.</summary>
    public Tensor View(params long[] shape) => Ops.View.Call(this, shape);

    /// <summary>Dimensions in another order.</summary>
    public Tensor Permute(params long[] dimensions) => Ops.Permute.Call(this, dimensions);

    /// <summary>Two dimensions exchanged.</summary>
    public Tensor Transpose(long first, long second) => Ops.Transpose.Call(this, first, second);

    /// <summary>A new dimension of size 1.</summary>
    public Tensor Unsqueeze(long dimension) => Ops.Unsqueeze.Call(this, dimension);

    /// <summary>Without a dimension of size 1.</summary>
    public Tensor Squeeze(long dimension) => Ops.Squeeze.Call(this, dimension);

    /// <summary>Dimensions of size 1 repeated without copying; −1 leaves a size.</summary>
    public Tensor Expand(params long[] shape) => Ops.Expand.Call(this, shape);

    /// <summary>Neighbouring dimensions made one.</summary>
    public Tensor Flatten(long start = 0, long end = -1) => Ops.Flatten.Call(this, start, end);

    /// <summary>Row-major, copied only if needed.</summary>
    public Tensor Contiguous() => Ops.Contiguous.Call(this);

    /// <summary>Maps <c>[B, C, H, W]</c> with the channels of a pixel side by side in memory, copied only if needed.</summary>
    public Tensor ChannelsLast() => Ops.Contiguous.Call(this, ChannelsLastFormat);

    /// <summary>A range of a dimension, as a view.</summary>
    public Tensor Narrow(long dimension, long start, long length) => Ops.Narrow.Call(this, dimension, start, length);

    /// <summary>Every step-th element of a range of a dimension, as a view.</summary>
    public Tensor Slice(long dimension, long start, long end, long step = 1) => Ops.Slice.Call(this, dimension, start, end, step);

    /// <summary>One index of a dimension, as a view without it.</summary>
    public Tensor Select(long dimension, long index) => Ops.Select.Call(this, dimension, index);

    /// <summary>Chosen indices of a dimension.</summary>
    public Tensor IndexSelect(long dimension, Tensor index) => Ops.IndexSelect.Call(this, dimension, index);

    /// <summary>Elements at an index along a dimension.</summary>
    public Tensor Gather(long dimension, Tensor index) => Ops.Gather.Call(this, dimension, index);

    /// <summary>Dimensions reversed.</summary>
    public Tensor Flip(params long[] dimensions) => Ops.Flip.Call(this, dimensions);

    /// <summary>Tensors joined along a dimension.</summary>
    public static Tensor Cat(Tensor[] tensors, long dimension = 0) => Ops.Cat.Call(tensors, dimension);

    /// <summary>Tensors joined along a new dimension.</summary>
    public static Tensor Stack(Tensor[] tensors, long dimension = 0) => Ops.Stack.Call(tensors, dimension);

    /// <summary>Pieces of a size along a dimension, as views.</summary>
    public Tensor[] Split(long size, long dimension = 0) => Ops.Split.CallMany(this, size, dimension);

    /// <summary>One view for every index of a dimension.</summary>
    public Tensor[] Unbind(long dimension = 0) => Ops.Unbind.CallMany(this, dimension);

    /// <summary>Every index of a dimension repeated in place.</summary>
    public Tensor RepeatInterleave(long repeats, long dimension) => Ops.RepeatInterleave.Call(this, repeats, dimension);

    /// <summary>A constant border; amounts are before/after pairs from the last dimension on.</summary>
    public Tensor Pad(long[] amounts, double value = 0) => Ops.Pad.Call(this, amounts, value);

    /// <summary>The diagonal of a matrix, or of the matrices along two dimensions as the last dimension, as a view.</summary>
    public Tensor Diagonal(long first = 0, long second = 1) => Ops.Diagonal.Call(this, 0, first, second);
}
