namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Eq = new("aten::eq.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator EqScalar = new("aten::eq.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator NeScalar = new("aten::ne.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator Lt = new("aten::lt.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator GtScalar = new("aten::gt.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator GeScalar = new("aten::ge.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator LogicalNot = new("aten::logical_not(Tensor self)");
}
