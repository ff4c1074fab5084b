using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Heads;

public sealed class PictureMlpTests
{
    [Fact]
    public void IsTwoMapsWithBatchNormBetween()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var mlp = new PictureMlp(weights, 6, 4, 5);
        Assert.Equal(
            ["bns.0.bias", "bns.0.running_mean", "bns.0.running_var", "bns.0.weight", "layers.0.bias", "layers.0.weight", "layers.1.bias", "layers.1.weight"],
            store.State().Keys.Order(StringComparer.Ordinal));
        Tensor regions = torch.randn(3, 7, 6);
        IReadOnlyDictionary<string, Tensor> state = store.State();
        Tensor first = nn.functional.linear(regions.reshape(21, 6), state["layers.0.weight"], state["layers.0.bias"]);
        store.train(true);
        Tensor expected = nn.functional.linear(
            ((first - first.mean([0])) / (first.var([0], unbiased: false) + 1e-5).sqrt()).relu(), state["layers.1.weight"], state["layers.1.bias"]).reshape(3, 7, 5);
        Assert.True(mlp.Forward(regions).allclose(expected, 1e-4, 1e-5));
        store.train(false);
        Assert.False(mlp.Forward(regions).allclose(expected, 1e-4, 1e-5));
    }
}
