using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Matrix products.
public sealed partial class Tensor
{
    /// <summary>Matrix product over the last two dimensions; the others broadcast.</summary>
    public Tensor MatMul(Tensor other) => Ops.MatMul.Call(this, other);

    /// <summary>Batched matrix product, <c>[B,n,m]·[B,m,p]</c>.</summary>
    public Tensor Bmm(Tensor other) => Ops.Bmm.Call(this, other);

    /// <summary>This, broadcast, plus alpha times the batched product of two tensors.</summary>
    public Tensor Baddbmm(Tensor left, Tensor right, double alpha = 1) => Ops.Baddbmm.Call(this, left, right, 1, alpha);

    /// <summary><c>x·Wᵀ + b</c> over the last dimension; the weight is <c>[out, in]</c>.</summary>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => Ops.Linear.Call(this, weight, bias);

    /// <summary>Eigenvalues, rising, and eigenvectors (columns) of a symmetric matrix.</summary>
    public Tensor[] Eigh() => Ops.Eigh.CallMany(this);

    /// <summary>The lower triangular L with L·Lᵀ = this, a symmetric positive definite matrix.</summary>
    public Tensor Cholesky() => Ops.Cholesky.Call(this);

    /// <summary>X with A·X = <paramref name="right"/>, where A is this triangular matrix.</summary>
    public Tensor SolveTriangular(Tensor right, bool upper) => Ops.SolveTriangular.Call(this, right, upper);
}
