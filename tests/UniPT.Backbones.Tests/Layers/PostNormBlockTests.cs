using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class PostNormBlockTests
{
    [Fact]
    public void EachPartIsAddedAndThenNormalised()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(2);
        using WeightStore store = weights.Store;
        Linear Project(string name) => new(weights / name, 4, 4);
        var attention = new MultiHeadAttention(Project("q"), Project("k"), Project("v"), Project("o"), 2);
        var network = new FeedForward(new Linear(weights / "up", 4, 9), new Linear(weights / "down", 9, 4), Activation.Gelu);
        var first = new LayerNorm(weights / "first", 4);
        var second = new LayerNorm(weights / "second", 4);
        Tensor x = torch.randn(2, 3, 4);
        Tensor h = first.forward(x.Add(attention.Forward(x)));
        Tensor y = second.forward(h.Add(Project2(store, h)));
        Tensors.Close(y, new PostNormBlock(attention, first, network, second).Forward(x));
    }

    private static Tensor Project2(WeightStore store, Tensor h)
    {
        Tensor hidden = nn.functional.linear(h, store.Parameters["up.weight"], store.Parameters["up.bias"]).gelu();
        return nn.functional.linear(hidden, store.Parameters["down.weight"], store.Parameters["down.bias"]);
    }
}
