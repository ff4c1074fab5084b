using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>Stands for the backbone whose hidden states a file recorded.</summary>
internal sealed class RecordedBackbone : Backbone
{
    /// <param name="file">Has <c>input.PREFIX.i</c>.</param>
    /// <param name="layout">Tokens are called hidden, maps map.</param>
    public RecordedBackbone(GoldenFile file, HiddenLayout layout) : base(Weights.Fresh(0).Store)
    {
        Layout = layout;
        Widths = file.Config.Numbers("hidden_size")!;
        LayerNames = [.. Widths.Select((_, i) => $"layer {i}")];
        string prefix = layout == HiddenLayout.Maps ? "map" : "hidden";
        States = new HiddenStates([.. Widths.Select((_, i) => file.Input($"{prefix}.{i}"))], file.Config.Numbers("lengths"));
    }

    public override string Name => "recorded";

    public override HiddenLayout Layout { get; }

    public override IReadOnlyList<int> Widths { get; }

    public override IReadOnlyList<string> LayerNames { get; }

    public HiddenStates States { get; }

    protected override HiddenStates Compute(BackboneInput input) => States;
}
