namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Reshape = new("aten::reshape(Tensor self, SymInt[] shape)");
    internal static readonly Operator View = new("aten::view(Tensor self, SymInt[] size)");
    internal static readonly Operator Permute = new("aten::permute(Tensor self, int[] dims)");
    internal static readonly Operator Transpose = new("aten::transpose.int(Tensor self, int dim0, int dim1)");
    internal static readonly Operator Unsqueeze = new("aten::unsqueeze(Tensor self, int dim)");
    internal static readonly Operator Squeeze = new("aten::squeeze.dim(Tensor self, int dim)");
    internal static readonly Operator Expand = new("aten::expand(Tensor self, SymInt[] size)");
    internal static readonly Operator Flatten = new("aten::flatten.using_ints(Tensor self, int start_dim=0, int end_dim=-1)");
    internal static readonly Operator Contiguous = new("aten::contiguous(Tensor self, *, MemoryFormat memory_format=contiguous_format)");
    internal static readonly Operator Narrow = new("aten::narrow(Tensor self, int dim, SymInt start, SymInt length)");
    internal static readonly Operator Slice = new("aten::slice.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1)");
    internal static readonly Operator Select = new("aten::select.int(Tensor self, int dim, SymInt index)");
    internal static readonly Operator IndexSelect = new("aten::index_select(Tensor self, int dim, Tensor index)");
    internal static readonly Operator Gather = new("aten::gather(Tensor self, int dim, Tensor index)");
    internal static readonly Operator Flip = new("aten::flip(Tensor self, int[] dims)");
    internal static readonly Operator Cat = new("aten::cat(Tensor[] tensors, int dim=0)");
    internal static readonly Operator Stack = new("aten::stack(Tensor[] tensors, int dim=0)");
    internal static readonly Operator Split = new("aten::split.Tensor(Tensor self, SymInt split_size, int dim=0)");
    internal static readonly Operator Unbind = new("aten::unbind.int(Tensor self, int dim=0)");
    internal static readonly Operator RepeatInterleave = new("aten::repeat_interleave.self_int(Tensor self, int repeats, int? dim=None)");
    internal static readonly Operator Pad = new("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0)");
    internal static readonly Operator Diagonal = new("aten::diagonal(Tensor self, int offset=0, int dim1=0, int dim2=1)");
}
