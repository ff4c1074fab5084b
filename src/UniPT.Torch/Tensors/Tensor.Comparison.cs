using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Elementwise comparison; the results are Boolean.
public sealed partial class Tensor
{
    /// <summary>Equal.</summary>
    public Tensor Eq(Tensor other) => Ops.Eq.Call(this, other);

    /// <summary>Equal to a number.</summary>
    public Tensor Eq(double other) => Ops.EqScalar.Call(this, other);

    /// <summary>Not equal to a number.</summary>
    public Tensor Ne(double other) => Ops.NeScalar.Call(this, other);

    /// <summary>Less.</summary>
    public Tensor Lt(Tensor other) => Ops.Lt.Call(this, other);

    /// <summary>Greater than a number.</summary>
    public Tensor Gt(double other) => Ops.GtScalar.Call(this, other);

    /// <summary>At least a number.</summary>
    public Tensor Ge(double other) => Ops.GeScalar.Call(this, other);

    /// <summary>Negation.</summary>
    public Tensor LogicalNot() => Ops.LogicalNot.Call(this);
}
