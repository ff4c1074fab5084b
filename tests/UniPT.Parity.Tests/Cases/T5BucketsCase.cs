using UniPT.Backbones.Layers;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The buckets of relative positions.</summary>
internal sealed class T5BucketsCase : IParityCase
{
    public string Name => "t5-buckets";

    public void Check(GoldenFile file)
    {
        Tensor Buckets(bool bothWays) => RelativePositions.Buckets(
            file.Input("relative_position"), file.Config.Number("num_buckets"), file.Config.Number("max_distance"), bothWays);
        Comparison.Same(file, "output.bidirectional", Buckets(bothWays: true));
        Comparison.Same(file, "output.unidirectional", Buckets(bothWays: false));
    }
}
