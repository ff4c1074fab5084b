using System.Text.Json;
using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The VSE∞ networks as a file's config describes them.</summary>
internal static class UniPTVse
{
    public static TunedBackbone Build(GoldenFile file, Weights weights, HiddenLayout layout)
    {
        JsonElement config = file.Config;
        int output = config.Number("embed_size");
        var options = new UniPTOptions
        {
            Width = output / config.Number("downsample_D_factor"),
            Epsilon = config.Real("l1_eps"),
            NormEpsilon = config.Real(layout == HiddenLayout.Maps ? "batchnorm_eps" : "layernorm_eps"),
            NormMomentum = config.Real("batchnorm_momentum", 0.1),
        };
        return new UniPTBackbone(new GivenStates(RecordedStates.Of(file, layout)).Streams.Only, weights, output, options);
    }

    public static TunedFeatures Features(TunedBackbone tuned) => tuned.Adapt(((GivenStates)tuned.Backbone).States);

    public static void Check(GoldenFile file, HiddenLayout layout) => ModuleParity.Check(file, weights =>
    {
        TunedBackbone tuned = Build(file, weights, layout);
        StateNames.Check(file, tuned);
        return new Dictionary<string, Tensor> { ["features"] = Features(tuned).Tokens };
    });
}
