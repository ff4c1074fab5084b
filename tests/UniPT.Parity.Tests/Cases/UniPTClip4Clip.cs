using UniPT.Backbones;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The CLIP4Clip networks as a file's config describes them.</summary>
internal static class UniPTClip4Clip
{
    public static void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        int output = file.Config.GetProperty("embed_size").GetInt32();
        bool mask = file.Has("input.mask");
        bool position = file.Has("input.position");
        var options = new UniPTOptions
        {
            Form = PublishedForm.Clip4clip,
            Width = output / file.Config.GetProperty("downsample_D_factor").GetInt32(),
            Epsilon = file.Config.GetProperty("l1_eps").GetDouble(),
            Mask = mask,
            Residual = position ? MergeResidual.SummaryToken : MergeResidual.FirstToken,
        };
        var backbone = new RecordedBackbone(file, weights.Store, HiddenLayout.Tokens);
        HiddenStates states = backbone.States with
        {
            Lengths = mask || position ? [.. file.Config.GetProperty("valid").EnumerateArray().Select(length => length.GetInt32())] : null,
            Pooled = file.Input("raw_anchor_features").squeeze(1),
        };
        Tensor features = new UniPTMethod(options).Attach(backbone, weights, output).Adapt(states).Tokens;
        return new Dictionary<string, Tensor> { ["features"] = features.squeeze(1) };
    });
}
