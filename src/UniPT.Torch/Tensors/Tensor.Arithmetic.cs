using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Elementwise arithmetic; shapes broadcast.
public sealed partial class Tensor
{
    /// <summary>Sum.</summary>
    public Tensor Add(Tensor other) => Ops.Add.Call(this, other);

    /// <summary>Sum with a number.</summary>
    public Tensor Add(double other) => Ops.AddScalar.Call(this, other);

    /// <summary>Difference.</summary>
    public Tensor Sub(Tensor other) => Ops.Sub.Call(this, other);

    /// <summary>Product.</summary>
    public Tensor Mul(Tensor other) => Ops.Mul.Call(this, other);

    /// <summary>Product with a number.</summary>
    public Tensor Mul(double other) => Ops.MulScalar.Call(this, other);

    /// <summary>Quotient.</summary>
    public Tensor Div(Tensor other) => Ops.Div.Call(this, other);

    /// <summary>Quotient by a number.</summary>
    public Tensor Div(double other) => Ops.DivScalar.Call(this, other);

    /// <summary>Negative.</summary>
    public Tensor Neg() => Ops.Neg.Call(this);

    /// <summary>Absolute value.</summary>
    public Tensor Abs() => Ops.Abs.Call(this);

    /// <summary>Power.</summary>
    public Tensor Pow(double exponent) => Ops.PowScalar.Call(this, exponent);

    /// <summary>Square root.</summary>
    public Tensor Sqrt() => Ops.Sqrt.Call(this);

    /// <summary>Reciprocal of the square root.</summary>
    public Tensor Rsqrt() => Ops.Rsqrt.Call(this);

    /// <summary>Exponential.</summary>
    public Tensor Exp() => Ops.Exp.Call(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log() => Ops.Log.Call(this);

    /// <summary>Sine.</summary>
    public Tensor Sin() => Ops.Sin.Call(this);

    /// <summary>Cosine.</summary>
    public Tensor Cos() => Ops.Cos.Call(this);

    /// <summary>At least the minimum.</summary>
    public Tensor ClampMin(double minimum) => Ops.ClampMin.Call(this, minimum);

    /// <summary>Limited to a range.</summary>
    public Tensor Clamp(double minimum, double maximum) => Ops.Clamp.Call(this, minimum, maximum);

    /// <summary>Elementwise maximum.</summary>
    public Tensor Maximum(Tensor other) => Ops.Maximum.Call(this, other);

    /// <summary>Elements of one tensor where the condition holds, else of the other.</summary>
    public static Tensor Where(Tensor condition, Tensor ifTrue, Tensor ifFalse) => Ops.Where.Call(condition, ifTrue, ifFalse);

    /// <summary>The value where the mask is true, else this.</summary>
    public Tensor MaskedFill(Tensor mask, double value) => Ops.MaskedFill.Call(this, mask, value);

    /// <summary>True where neither infinite nor not-a-number.</summary>
    public Tensor IsFinite() => Ops.IsFinite.Call(this);
}
