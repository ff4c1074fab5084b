using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Benchmarks;

/// <summary>Stands for the backbone that gave hidden states: a method is attached to it and adapts them.</summary>
internal sealed class GivenLayers(HiddenStates hidden) : Backbone(Weights.Fresh(0).Store)
{
    public override string Name => "given layers";

    public override HiddenLayout Layout { get; } = hidden.Layers[0].ndim == 4 ? HiddenLayout.Maps : HiddenLayout.Tokens;

    public override IReadOnlyList<int> Widths { get; } = [.. hidden.Layers.Select(layer => (int)layer.size(layer.ndim == 4 ? 1 : 2))];

    public override int? PooledWidth { get; } = (int?)hidden.Pooled?.size(1);

    public override IReadOnlyList<string> LayerNames { get; } = [.. hidden.Layers.Select((_, i) => $"layer {i}")];

    protected override HiddenStates Compute(BackboneInput input) => throw new NotSupportedException("The layers are given.");
}
