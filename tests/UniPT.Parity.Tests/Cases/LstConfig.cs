using System.Text.Json;
using System.Text.RegularExpressions;
using UniPT.Tuning.Lst;

namespace UniPT.Parity.Tests.Cases;

/// <summary>What the recordings of ladders have in common.</summary>
internal static class LstConfig
{
    /// <summary>Indices, from 0, of the layers with a rung; all where the config names none.</summary>
    public static int[] Kept(JsonElement config, string name, int layers) => config.Numbers(name) ?? [.. Enumerable.Range(0, layers)];

    /// <param name="config">The recording's.</param>
    /// <param name="kept">Layers, from 0, with a rung.</param>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="bias">Whether the samplings have a bias where the config does not say it.</param>
    public static LstOptions Options(JsonElement config, int[] kept, int layers, bool bias) =>
        config.Flag("add_residual_after", false)
            ? throw new ParityException("ladders that take a hidden state in after the side layer are not known")
            : new()
            {
                Temperature = config.Real("gate_T"),
                Bias = config.Flag("add_bias_sampling", bias),
                Dropped = [.. Enumerable.Range(0, layers).Except(kept).Select(layer => layer + 1)],
            };

    /// <summary>Whether a weight belongs to a rung that is not there; the references keep gates for all layers.</summary>
    public static bool IsDropped(string name, IReadOnlyCollection<int> kept) =>
        Regex.Match(name, @"side_(gate_params|downsamples)(_l)?\.(\d+)") is { Success: true } match && !kept.Contains(int.Parse(match.Groups[3].Value));

    public static void Add(Dictionary<string, Tensor> outputs, string prefix, IEnumerable<Tensor> states) =>
        Add(outputs, prefix, states.Select((state, i) => (i, state)));

    public static void Add(Dictionary<string, Tensor> outputs, string prefix, IEnumerable<(int Index, Tensor State)> states)
    {
        foreach ((int index, Tensor state) in states)
        {
            outputs.Add($"{prefix}.{index}", state);
        }
    }
}
