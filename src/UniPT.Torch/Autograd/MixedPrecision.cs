namespace UniPT.Torch;

/// <summary>
/// While it is on, linear maps and convolutions take their products in bfloat16 and give them in the type of their weights, so that weights,
/// gradients, sums and norms stay float32: what PyTorch's autocast does for these operations. TorchSharp 0.107 has no autocast.
/// </summary>
/// <remarks>It belongs to the thread that switches it, and what backward computes again is computed in float32.</remarks>
public static class MixedPrecision
{
    [ThreadStatic]
    private static bool Switched;

    /// <summary>Whether it is on, on this thread.</summary>
    public static bool IsOn => Switched;

    /// <summary>Switches it, until the result is disposed.</summary>
    public static IDisposable Use(bool on = true)
    {
        var before = new Restored(Switched);
        Switched = on;
        return before;
    }

    /// <summary>What comes in, in the type of the product.</summary>
    public static Tensor Operand(Tensor input) => Switched && input.dtype == ScalarType.Float32 ? input.to(ScalarType.BFloat16) : input;

    private sealed class Restored(bool on) : IDisposable
    {
        public void Dispose() => Switched = on;
    }
}
