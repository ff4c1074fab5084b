namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Zeros = new("aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Ones = new("aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Full = new("aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Empty = new("aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator ArangeStart = new("aten::arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Eye = new("aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Rand = new("aten::rand(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Randn = new("aten::randn(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator Randint = new("aten::randint.low(SymInt low, SymInt high, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None)");
    internal static readonly Operator ZerosLike = new("aten::zeros_like(Tensor self)");
    internal static readonly Operator UniformInPlace = new("aten::uniform_(Tensor self, float from=0, float to=1)");
    internal static readonly Operator NormalInPlace = new("aten::normal_(Tensor self, float mean=0, float std=1)");
}
