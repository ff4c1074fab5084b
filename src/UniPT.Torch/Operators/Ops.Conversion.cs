namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator ToType = new("aten::to.dtype(Tensor self, ScalarType dtype, bool non_blocking=False, bool copy=False)");
    internal static readonly Operator ToDevice = new("aten::to.device(Tensor self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False)");
    internal static readonly Operator Clone = new("aten::clone(Tensor self)");
    internal static readonly Operator Detach = new("aten::detach(Tensor self)");
    internal static readonly Operator Alias = new("aten::alias(Tensor self)");
}
