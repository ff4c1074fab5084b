using UniPT.Backbones.MobileNet;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>All 19 outputs of MobileNetV2 and the mean of the last, frozen and trainable.</summary>
internal sealed class MobileNetV2Case : IParityCase
{
    public string Name => "mobilenet_v2";

    public void Check(GoldenFile file)
    {
        foreach (bool trainable in new[] { false, true })
        {
            Weights weights = Weights.Open(Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors"), trainable);
            using WeightStore store = weights.Store;
            var backbone = new MobileNetV2(weights);
            store.EnsureAllUsed();
            IReadOnlyList<Tensor> features = backbone.Features(file.Read("input"), [.. Enumerable.Range(0, 19)]);
            for (int i = 0; i < features.Count; i++)
            {
                Comparison.Same(file, $"features.{i}", features[i]);
            }

            Comparison.Same(file, "pool", features[^1].mean([2, 3]));
        }
    }
}
