using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Generalised pooling on its own.</summary>
internal sealed class GpoCase : IParityCase
{
    public string Name => "gpo";

    public static Gpo Build(GoldenFile file, Weights weights) =>
        new(weights, file.Config.GetProperty("d_pe").GetInt32(), file.Config.GetProperty("d_hidden").GetInt32());

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        Gpo pooling = Build(file, weights);
        int[] lengths = [.. file.Read("input.lengths").ToArray<float>().Select(length => (int)length)];
        return new Dictionary<string, Tensor>
        {
            ["pooled"] = pooling.Forward(file.Input("features"), lengths),
            ["pool_weights"] = pooling.RankWeights(lengths).unsqueeze(-1),
        };
    });
}
