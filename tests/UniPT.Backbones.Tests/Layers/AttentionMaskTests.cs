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
}
