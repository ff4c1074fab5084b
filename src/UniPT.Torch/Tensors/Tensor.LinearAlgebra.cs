using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Matrix products.
public sealed partial class Tensor
{
    /// <summary>Matrix product over the last two dimensions; the others broadcast.</summary>
    public Tensor MatMul(Tensor other) => Ops.MatMul.Call(this, other);

    /// <summary>Batched matrix product, <c>[B,n,m]·[B,m,p]</c>.</summary>
    public Tensor Bmm(Tensor other) => Ops.Bmm.Call(this, other);

    /// <summary>beta · this + alpha · (the batched product of two tensors); this broadcasts, and with beta 0 is not read.</summary>
    public Tensor Baddbmm(Tensor left, Tensor right, double beta = 1, double alpha = 1) => Ops.Baddbmm.Call(this, left, right, beta, alpha);

    /// <summary><c>x·Wᵀ + b</c> over the last dimension; the weight is <c>[out, in]</c>.</summary>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => Ops.Linear.Call(this, weight, bias);
}
