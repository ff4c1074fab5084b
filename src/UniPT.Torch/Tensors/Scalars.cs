namespace UniPT.Torch;

/// <summary>
/// Numbers for TorchSharp's operations, to be used at once: <c>x * Scalars.Of(0.5)</c>. TorchSharp makes a <see cref="Scalar"/> of
/// every number that it is given, hands its address to native code and forgets it, so that the garbage collector may free it
/// while it is being read: seen about once in a million operations beside a thread that allocates, as an exception or another
/// number. Here each thread holds the last few of its own, and frees them itself.
/// </summary>
public static class Scalars
{
    // Operations take their numbers before they return, and none takes more than a few.
    private const int Held = 64;

    [ThreadStatic]
    private static Scalar?[]? Recent;

    [ThreadStatic]
    private static int Next;

    /// <summary>A floating-point number of 64 bits.</summary>
    public static Scalar Of(double value) => Hold(value.ToScalar());

    /// <summary>A floating-point number of 32 bits.</summary>
    public static Scalar Of(float value) => Hold(value.ToScalar());

    /// <summary>A whole number of 64 bits.</summary>
    public static Scalar Of(long value) => Hold(value.ToScalar());

    /// <summary>A whole number of 32 bits.</summary>
    public static Scalar Of(int value) => Hold(value.ToScalar());

    private static Scalar Hold(Scalar scalar)
    {
        Recent ??= new Scalar?[Held];
        Recent[Next]?.Dispose();
        Recent[Next] = scalar;
        Next = (Next + 1) % Held;
        return scalar;
    }
}
