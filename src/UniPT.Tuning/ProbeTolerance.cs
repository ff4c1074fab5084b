namespace UniPT.Tuning;

/// <summary>
/// How far what a saved probe gives may be from what was saved with it, where weights, options and preprocessing are the same and
/// only the machine is another.
/// </summary>
public static class ProbeTolerance
{
    private const double Float32 = 1e-3;

    // Processors that round to bfloat16, of 8 bits of mantissa, in different places differed by up to 0.003 (with and without
    // instructions of their own for it); a GPU may by more.
    private const double BFloat16 = 0.03;

    /// <summary>The largest difference, for numbers of about 1.</summary>
    /// <param name="type">What the backbone computes in.</param>
    public static double Of(ScalarType type) => type == ScalarType.BFloat16 ? BFloat16 : Float32;
}
