using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The VSE∞ networks as a file's config describes them.</summary>
internal static class UniPTVse
{
    public static TunedFeatures Features(GoldenFile file, Weights weights, HiddenLayout layout)
    {
        int output = file.Config.GetProperty("embed_size").GetInt32();
        var options = new UniPTOptions
        {
            Width = output / file.Config.GetProperty("downsample_D_factor").GetInt32(),
            Epsilon = file.Config.GetProperty("l1_eps").GetDouble(),
        };
        var backbone = new RecordedBackbone(file, weights.Store, layout);
        return new UniPTMethod(options).Attach(backbone, weights, output).Adapt(backbone.States);
    }

    public static void Check(GoldenFile file, HiddenLayout layout) => ModuleParity.Check(
        file, weights => new Dictionary<string, Tensor> { ["features"] = Features(file, weights, layout).Tokens });
}
