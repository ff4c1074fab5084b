using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Generalised pooling on its own.</summary>
internal sealed class GpoCase : IParityCase
{
    public string Name => "gpo";

    public static Gpo Build(GoldenFile file, Weights weights) =>
        new(weights, file.Config.Number("d_pe"), file.Config.Number("d_hidden"), file.Config.Real("temperature", 0.1));

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        Gpo pooling = Build(file, weights);
        int[] lengths = [.. file.Read("input.lengths").to(ScalarType.Float64).ToArray<double>().Select(length => (int)length)];
        return new Dictionary<string, Tensor>
        {
            ["pooled"] = pooling.Forward(file.Input("features"), lengths),
            ["pool_weights"] = pooling.RankWeights(lengths).unsqueeze(-1),
        };
    });
}
