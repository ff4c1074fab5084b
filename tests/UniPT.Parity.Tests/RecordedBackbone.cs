using System.Text.Json;
using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>Stands for the backbone whose hidden states a file recorded.</summary>
internal sealed class RecordedBackbone : Backbone
{
    /// <param name="file">Has <c>input.PREFIX.i</c> and, for tokens, <c>input.lengths</c>.</param>
    /// <param name="store">Not used.</param>
    /// <param name="layout">Tokens are called hidden, maps map.</param>
    public RecordedBackbone(GoldenFile file, WeightStore store, HiddenLayout layout) : base(store)
    {
        Layout = layout;
        Widths = [.. file.Config.GetProperty("hidden_size").EnumerateArray().Select(width => width.GetInt32())];
        LayerNames = [.. Widths.Select((_, i) => $"layer {i}")];
        PooledWidth = file.Has("input.raw_anchor_features") ? file.Config.GetProperty("embed_size").GetInt32() : null;
        string prefix = layout == HiddenLayout.Maps ? "map" : "hidden";
        States = new HiddenStates(
            [.. Widths.Select((_, i) => file.Input($"{prefix}.{i}"))],
            file.Config.TryGetProperty("lengths", out JsonElement lengths) ? [.. lengths.EnumerateArray().Select(length => length.GetInt32())] : null);
    }

    public override string Name => "recorded";

    public override HiddenLayout Layout { get; }

    public override IReadOnlyList<int> Widths { get; }

    public override IReadOnlyList<string> LayerNames { get; }

    public override int? PooledWidth { get; }

    public HiddenStates States { get; }

    protected override HiddenStates Compute(BackboneInput input) => States;
}
