using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class AttentionMaskTests
{
    [Fact]
    public void CausalMasksHideWhatComesLater()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor mask = AttentionMask.Causal(3);
        Assert.Equal([1, 3, 3], mask.shape);
        Assert.Equal([0f, -1e9f, -1e9f, 0, 0, -1e9f, 0, 0, 0], mask.ToArray<float>());
    }

    [Fact]
    public void LaterKeysAndThoseThatDoNotCountAreHiddenTogether()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor mask = TokenMask.From([3, 1], 3);
        Tensor hidden = AttentionMask.CausalKeys(3, mask, 2).lt(Scalars.Of(0)).to(ScalarType.Float32);
        Assert.Equal([4, 3, 3], hidden.shape);
        float[] ofFirst = [0, 1, 1, 0, 0, 1, 0, 0, 0];
        float[] ofSecond = [0, 1, 1, 0, 1, 1, 0, 1, 1];
        Assert.Equal([.. ofFirst, .. ofFirst, .. ofSecond, .. ofSecond], hidden.ToArray<float>());
        Assert.Equal(AttentionMask.Causal(3).ToArray<float>(), AttentionMask.CausalKeys(3, null, 2).ToArray<float>());
    }
}
