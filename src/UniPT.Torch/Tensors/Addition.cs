namespace UniPT.Torch;

/// <summary>
/// Sums of tensors. TorchSharp's own <c>x + y</c> makes a <see cref="Scalar"/> 1 for libtorch's <c>alpha</c>, which the garbage collector
/// may free while native code reads it (see <see cref="Scalars"/>); here it is one that stays.
/// </summary>
public static class Addition
{
    // Whole, so that a sum of whole numbers stays one.
    private static readonly Scalar One = 1L.ToScalar();

    /// <summary>Elementwise sum; shapes broadcast.</summary>
    public static Tensor Add(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Elementwise sum with a number.</summary>
    public static Tensor Add(this Tensor left, double right) => left.add(Scalars.Of(right), One);

    /// <summary>Elementwise sum with a whole number, which leaves whole numbers whole.</summary>
    public static Tensor Add(this Tensor left, long right) => left.add(Scalars.Of(right), One);

    /// <summary>Adds to the tensor itself.</summary>
    public static Tensor Add_(this Tensor left, Tensor right) => left.add_(right, One);

    /// <summary>Adds a number to the tensor itself.</summary>
    public static Tensor Add_(this Tensor left, double right) => left.add_(Scalars.Of(right), One);

    /// <summary>Adds a whole number to the tensor itself.</summary>
    public static Tensor Add_(this Tensor left, long right) => left.add_(Scalars.Of(right), One);
}
