using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Benchmarks;

/// <summary>Stands for a backbone whose hidden states are at hand: a method is attached to it and adapts them.</summary>
internal sealed class GivenLayers(HiddenLayout layout, IReadOnlyList<int> widths) : Backbone(Weights.Fresh(0).Store)
{
    public override string Name => "given layers";

    public override HiddenLayout Layout => layout;

    public override IReadOnlyList<int> Widths => widths;

    public override IReadOnlyList<string> LayerNames { get; } = [.. widths.Select((_, i) => $"layer {i}")];

    protected override HiddenStates Compute(BackboneInput input) => throw new NotSupportedException("The layers are given.");
}
