using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Tests;

/// <summary>Most backbones of the tests have one stream, which need not be named.</summary>
internal static class AttachToOnly
{
    public static TunedBackbone Attach(this TuningMethod method, Backbone backbone, Weights weights, int? output) =>
        method.Attach(backbone.Streams.Only, weights, output);

    public static TunedBackbone Attach(this TuningMethod method, Backbone backbone, int? output = null, long seed = 1) =>
        method.Attach(backbone.Streams.Only, output, seed);
}
