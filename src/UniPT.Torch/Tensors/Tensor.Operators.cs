namespace UniPT.Torch;

// C#'s own operators for the four basic operations.
public sealed partial class Tensor
{
    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

    /// <summary>Elementwise quotient.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => left.add(right);

    /// <summary>Difference from a number.</summary>
    public static Tensor operator -(Tensor left, double right) => left.add(-right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => left.mul(right);

    /// <summary>Quotient by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => left.div(right);

    /// <summary>Elementwise negative.</summary>
    public static Tensor operator -(Tensor tensor) => tensor.neg();
}
