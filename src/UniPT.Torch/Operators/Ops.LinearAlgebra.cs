namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator MatMul = new("aten::matmul(Tensor self, Tensor other)");
    internal static readonly Operator Bmm = new("aten::bmm(Tensor self, Tensor mat2)");
    internal static readonly Operator Baddbmm = new("aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1)");
    internal static readonly Operator Linear = new("aten::linear(Tensor input, Tensor weight, Tensor? bias=None)");
    internal static readonly Operator Eigh = new("aten::linalg_eigh(Tensor self, str UPLO=\"L\")");
    internal static readonly Operator Cholesky = new("aten::linalg_cholesky(Tensor self, *, bool upper=False)");
    internal static readonly Operator SolveTriangular = new("aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper)");
}
