using System.Text.Json;
using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The VSE∞ networks as a file's config describes them.</summary>
internal static class UniPTVse
{
    public static TunedFeatures Features(GoldenFile file, Weights weights, HiddenLayout layout)
    {
        JsonElement config = file.Config;
        int output = config.Number("embed_size");
        var options = new UniPTOptions { Width = output / config.Number("downsample_D_factor"), Epsilon = config.Real("l1_eps") };
        NetworkForm form = options.Network with
        {
            NormEpsilon = config.Real(layout == HiddenLayout.Maps ? "batchnorm_eps" : "layernorm_eps"),
            NormMomentum = config.Real("batchnorm_momentum", 0.1),
        };
        var backbone = new RecordedBackbone(file, weights.Store, layout);
        return new UniPTBackbone(backbone, weights, output, options, form).Adapt(backbone.States);
    }

    public static void Check(GoldenFile file, HiddenLayout layout) => ModuleParity.Check(
        file, weights => new Dictionary<string, Tensor> { ["features"] = Features(file, weights, layout).Tokens });
}
