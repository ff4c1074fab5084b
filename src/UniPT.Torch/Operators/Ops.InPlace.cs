namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator AddInPlace = new("aten::add_.Tensor(Tensor self, Tensor other, *, Scalar alpha=1)");
    internal static readonly Operator AddScalarInPlace = new("aten::add_.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator MulInPlace = new("aten::mul_.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator MulScalarInPlace = new("aten::mul_.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator DivScalarInPlace = new("aten::div_.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator AddcmulInPlace = new("aten::addcmul_(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1)");
    internal static readonly Operator AddcdivInPlace = new("aten::addcdiv_(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1)");
    internal static readonly Operator FillInPlace = new("aten::fill_.Scalar(Tensor self, Scalar value)");
    internal static readonly Operator CopyInPlace = new("aten::copy_(Tensor self, Tensor src)");
    internal static readonly Operator ReluInPlace = new("aten::relu_(Tensor self)");
    internal static readonly Operator ReluBackwardInPlace = new("aten::threshold_backward.grad_input(Tensor grad_output, Tensor self, Scalar threshold, *, Tensor grad_input)");
    internal static readonly Operator ExpInPlace = new("aten::exp_(Tensor self)");
    internal static readonly Operator GeluInPlace = new("aten::gelu_(Tensor self, *, str approximate=\"none\")");
    internal static readonly Operator SiluInPlace = new("aten::silu_(Tensor self)");
    internal static readonly Operator HardtanhInPlace = new("aten::hardtanh_(Tensor self, Scalar min_val=-1, Scalar max_val=1)");
    internal static readonly Operator MaskedFillInPlace = new("aten::masked_fill_.Scalar(Tensor self, Tensor mask, Scalar value)");
    internal static readonly Operator IndexAddInPlace = new("aten::index_add_(Tensor self, int dim, Tensor index, Tensor source)");
}
