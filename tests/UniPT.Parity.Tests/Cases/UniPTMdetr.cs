using UniPT.Tuning.UniPT;

namespace UniPT.Parity.Tests.Cases;

/// <summary>What the two sides of MDETR's network have in common.</summary>
internal static class UniPTMdetr
{
    public static UniPTOptions Form(GoldenFile file) =>
        PublishedForms.Of(PublishedForm.Mdetr) with { Epsilon = file.Config.Real("l1_eps"), NormEpsilon = file.Config.Real("layernorm_eps", 1e-5) };

    /// <summary>
    /// The merged layers, then the last one, <c>[B, N, C]</c>. The config counts what goes into the layers: the stack's own input
    /// first, then what comes out of all but the last.
    /// </summary>
    /// <param name="file">Has what came out of every layer, tokens first.</param>
    /// <param name="side">The encoder or the decoder.</param>
    /// <param name="input">Gives what went into the first layer.</param>
    public static Tensor[] Layers(GoldenFile file, string side, Func<Tensor> input)
    {
        Tensor After(int layer) => file.Input($"{side}.out.{layer}");
        int last = file.Names($"input.{side}.out.").Count - 1;
        return [.. file.Config.Numbers("select_layers")!.Select(layer => layer == 0 ? input() : After(layer - 1)).Append(After(last)).Select(layer => layer.transpose(0, 1))];
    }

    public static Renaming Names(string side, int merged) => new([
        ($"side_downsample0_{side}.", $"downsample_layers.{merged}."),
        ($"side_downsamples_{side}.", "downsample_layers."),
        ($"side_projection_{side}.", "projection_layer."),
        ($"side_gate_layer_{side}.", "gate_layer."),
        ("side_projection_crosser.", "crosser_layers."),
        ("side_final_upsample.", "upsample_layer."),
    ]);
}
