using System.Text.Json;
using UniPT.Backbones;
using UniPT.Tuning.UniPT;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The CLIP4Clip networks as a file's config describes them, with the mask and the positions that it holds.</summary>
internal static class UniPTClip4Clip
{
    public static void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        JsonElement config = file.Config;
        int output = config.Number("embed_size");
        Tensor? mask = file.Has("input.mask") ? file.Input("mask") : null;
        Tensor? position = file.Has("input.position") ? file.Input("position") : null;
        UniPTOptions form = PublishedForms.Of(PublishedForm.Clip4clip) with
        {
            Epsilon = config.Real("l1_eps"),
            Residual = position is null ? MergeResidual.FirstToken : MergeResidual.SummaryToken,
        };
        int[] widths = config.Numbers("hidden_size")!;
        var network = new ParallelNetwork(
            weights, HiddenLayout.Tokens, widths, output, output / config.Number("downsample_D_factor"), output, form, null);
        Tensor[] hidden = [.. widths.Select((_, i) => file.Input($"hidden.{i}"))];
        Tensor embedding = file.Input("raw_anchor_features").squeeze(1);
        Tensor features = network.Forward(hidden, embedding, TokenMasks.Of(form, hidden[0], mask, summary: position)).Tokens;
        return new Dictionary<string, Tensor> { ["features"] = features.squeeze(1) };
    });
}
