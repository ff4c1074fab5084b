namespace UniPT.Torch;

// C#'s own operators for the four basic operations.
public sealed partial class Tensor
{
    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => left.Add(right);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => left.Sub(right);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => left.Mul(right);

    /// <summary>Elementwise quotient.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => left.Div(right);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => left.Add(right);

    /// <summary>Difference from a number.</summary>
    public static Tensor operator -(Tensor left, double right) => left.Add(-right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => left.Mul(right);

    /// <summary>Quotient by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => left.Div(right);

    /// <summary>Elementwise negative.</summary>
    public static Tensor operator -(Tensor tensor) => tensor.Neg();
}
