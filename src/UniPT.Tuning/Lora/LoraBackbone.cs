using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Lora;

/// <summary>A backbone with low-rank updates.</summary>
public sealed class LoraBackbone : ProjectedBackbone
{
    internal LoraBackbone(BackboneStream stream, Weights weights, int? output, IReadOnlyList<LoraUpdate> updates)
        : base(stream, weights, output, [], changesHiddenStates: true) => Updates = new LoraUpdates(stream.Backbone, updates);

    /// <summary>The updates, which can be merged into the weights.</summary>
    public LoraUpdates Updates { get; }
}
