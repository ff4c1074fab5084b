using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Tests;

/// <summary>A backbone that yields what it is given.</summary>
internal sealed class GivenStates : Backbone
{
    private readonly HiddenStates _states;

    public GivenStates(HiddenStates states) : base(Weights.Fresh(0).Store)
    {
        _states = states;
        Layout = states.Layers[0].ndim == 4 ? HiddenLayout.Maps : HiddenLayout.Tokens;
        Widths = [.. states.Layers.Select(layer => (int)layer.size(Layout == HiddenLayout.Maps ? 1 : 2))];
        LayerNames = [.. Widths.Select((_, i) => $"layer {i}")];
    }

    public override string Name => "given";

    public override HiddenLayout Layout { get; }

    public override IReadOnlyList<int> Widths { get; }

    public override int? PooledWidth => (int?)_states.Pooled?.size(1);

    public override IReadOnlyList<string> LayerNames { get; }

    protected override HiddenStates Compute(BackboneInput input) => _states;
}
