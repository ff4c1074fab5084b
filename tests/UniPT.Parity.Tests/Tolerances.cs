using System.Text.Json;

namespace UniPT.Parity.Tests;

/// <summary>The allowed absolute error of a tensor, from what a file says about its own accuracy.</summary>
internal sealed class Tolerances
{
    private const double Output = 1e-5;
    private const double Gradient = 1e-4;

    // Ten times what fp32 itself costs, as other orders of summation do.
    private const double Slack = 10;
    private readonly Dictionary<string, double> _fp32Errors;
    private readonly Dictionary<string, double> _noise;
    private readonly Func<double> _gradients;

    /// <param name="fp32">The worst few relative errors of the reference's own fp32.</param>
    /// <param name="noise">Gradients that are 0 in exact arithmetic, with the largest recorded value.</param>
    /// <param name="gradients">The largest magnitude of all gradients, of whose sums that noise is left.</param>
    public Tolerances(JsonElement fp32, JsonElement noise, Func<double> gradients) =>
        (_fp32Errors, _noise, _gradients) = (Pairs(fp32, "worst"), Pairs(noise, "max_abs"), gradients);

    /// <summary>Absolute error that a tensor may have.</summary>
    /// <param name="name">Its full name in the file.</param>
    /// <param name="largest">Its largest magnitude.</param>
    public double Of(string name, double largest)
    {
        if (_noise.TryGetValue(name, out double noise))
        {
            return (Slack * noise) + (1e-6 * Math.Max(1, _gradients()));
        }

        // What is not listed was at most as bad as the best that is.
        double fp32 = _fp32Errors.TryGetValue(name, out double listed) ? listed : _fp32Errors.Values.DefaultIfEmpty(0).Min();
        double relative = Math.Max(name.StartsWith("grad", StringComparison.Ordinal) ? Gradient : Output, Slack * fp32);
        return (relative * largest) + 1e-9;
    }

    private static Dictionary<string, double> Pairs(JsonElement element, string key) => element.ValueKind != JsonValueKind.Object
        ? []
        : element.GetProperty(key).EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetDouble());
}
