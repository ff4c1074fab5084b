using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Parity.Tests.Cases;

/// <summary>What the two sides of MDETR's network have in common.</summary>
internal static class UniPTMdetr
{
    public static NetworkForm Form(GoldenFile file) =>
        NetworkForm.Of(PublishedForm.Mdetr) with { Epsilon = file.Config.GetProperty("l1_eps").GetDouble() };

    /// <summary>The merged layers, then the last one, <c>[B, N, C]</c>; the config counts layers' inputs.</summary>
    public static Tensor[] Layers(GoldenFile file, string side) =>
    [
        .. file.Config.GetProperty("select_layers").EnumerateArray().Select(layer => layer.GetInt32() - 1)
            .Append(file.Names($"input.{side}.out.").Count - 1)
            .Select(layer => file.Input($"{side}.out.{layer}").transpose(0, 1)),
    ];

    public static Renaming Names(string side, int merged) => new([
        ($"side_downsample0_{side}.", $"downsample_layers.{merged}."),
        ($"side_downsamples_{side}.", "downsample_layers."),
        ($"side_projection_{side}.", "projection_layer."),
        ($"side_gate_layer_{side}.", "gate_layer."),
        ("side_projection_crosser.", "crosser_layers."),
        ("side_final_upsample.", "upsample_layer."),
    ]);
}
