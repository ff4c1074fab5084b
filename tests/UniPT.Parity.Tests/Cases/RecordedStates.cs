using UniPT.Backbones;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Hidden states as recordings of Transformers name them.</summary>
internal static class RecordedStates
{
    public static Dictionary<string, Tensor> Named(HiddenStates states) =>
        states.Layers.Select((state, i) => (state, i)).ToDictionary(pair => $"hidden.{pair.i}", pair => pair.state);
}
