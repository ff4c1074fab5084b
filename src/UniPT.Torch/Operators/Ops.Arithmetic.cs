namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Add = new("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1)");
    internal static readonly Operator AddScalar = new("aten::add.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator Sub = new("aten::sub.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator Mul = new("aten::mul.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator MulScalar = new("aten::mul.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator Div = new("aten::div.Tensor(Tensor self, Tensor other)");
    internal static readonly Operator DivScalar = new("aten::div.Scalar(Tensor self, Scalar other)");
    internal static readonly Operator Neg = new("aten::neg(Tensor self)");
    internal static readonly Operator Abs = new("aten::abs(Tensor self)");
    internal static readonly Operator PowScalar = new("aten::pow.Tensor_Scalar(Tensor self, Scalar exponent)");
    internal static readonly Operator Sqrt = new("aten::sqrt(Tensor self)");
    internal static readonly Operator Rsqrt = new("aten::rsqrt(Tensor self)");
    internal static readonly Operator Exp = new("aten::exp(Tensor self)");
    internal static readonly Operator Log = new("aten::log(Tensor self)");
    internal static readonly Operator Sin = new("aten::sin(Tensor self)");
    internal static readonly Operator Cos = new("aten::cos(Tensor self)");
    internal static readonly Operator ClampMin = new("aten::clamp_min(Tensor self, Scalar min)");
    internal static readonly Operator Clamp = new("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None)");
    internal static readonly Operator Maximum = new("aten::maximum(Tensor self, Tensor other)");
    internal static readonly Operator Where = new("aten::where.self(Tensor condition, Tensor self, Tensor other)");
    internal static readonly Operator MaskedFill = new("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value)");
    internal static readonly Operator IsFinite = new("aten::isfinite(Tensor self)");
}
