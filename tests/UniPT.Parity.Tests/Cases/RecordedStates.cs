using UniPT.Backbones;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Hidden states as recordings name them.</summary>
internal static class RecordedStates
{
    /// <summary>Those that a file recorded as inputs of a parallel network: <c>input.hidden.i</c>, of maps <c>input.map.i</c>.</summary>
    public static HiddenStates Of(GoldenFile file, HiddenLayout layout)
    {
        string prefix = layout == HiddenLayout.Maps ? "map" : "hidden";
        return new HiddenStates(
            [.. file.Config.Numbers("hidden_size")!.Select((_, i) => file.Input($"{prefix}.{i}"))], file.Config.Numbers("lengths"));
    }

    /// <summary>By the names that recordings have for them.</summary>
    public static Dictionary<string, Tensor> Named(HiddenStates states) =>
        states.Layers.Select((state, i) => (state, i)).ToDictionary(pair => $"hidden.{pair.i}", pair => pair.state);
}
