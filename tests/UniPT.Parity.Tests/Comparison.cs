using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>Compares what a module computed with what was recorded.</summary>
internal static class Comparison
{
    /// <summary>Compares with the file's tensor of that full name.</summary>
    public static void Same(GoldenFile file, string name, Tensor actual) => Same(file, name, file.Read(name), actual);

    /// <summary>Compares with a part of the file's tensor, or with something made from it.</summary>
    public static void Same(GoldenFile file, string name, Tensor expected, Tensor actual)
    {
        if (!expected.shape.AsSpan().SequenceEqual(actual.shape))
        {
            throw new ParityException($"{file.Path}: {name} has the shape {actual}, expected {expected}");
        }

        double[] want = expected.to(ScalarType.Float64).ToArray<double>();
        double[] have = actual.detach().to(CPU).to(ScalarType.Float64).ToArray<double>();
        double tolerance = file.Tolerances.Of(name, want.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        (double Error, int Index) worst = want.Zip(have, Error).Select((error, i) => (error, i)).DefaultIfEmpty().Max();
        if (worst.Error > tolerance)
        {
            throw new ParityException(
                $"{file.Path}: {name} is off by {worst.Error:g4}, allowed {tolerance:g4} (element {worst.Index}: {have[worst.Index]}, recorded {want[worst.Index]})");
        }
    }

    private static double Error(double want, double have)
    {
        double error = want.Equals(have) ? 0 : Math.Abs(want - have);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
