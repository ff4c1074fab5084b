using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class TransformerBlockTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALayerOfAnotherSizeIsOfTheSameMake(bool normalisesInputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var shape = new BlockShape(8, 20, 2, Activation.Relu, 1e-3);
        TransformerBlock host = normalisesInputs ? new PreNormBlock(weights / "host", shape) : new PostNormBlock(weights / "host", shape);

        TransformerBlock small = host.Resized(weights / "small", 4, 6, 2);

        Assert.Equal(host.GetType(), small.GetType());
        Assert.Equal(normalisesInputs, small.NormalisesInputs);
        Assert.Equal((1e-3, Activation.Relu, 2), (small.AttentionNorm.Epsilon, small.FeedForward.Activation, small.Attention.HeadCount));
        Assert.Equal([2, 3, 4], small.Forward(torch.randn(2, 3, 4)).shape);
        Assert.Equal((4 * (16 + 4)) + (2 * 8) + (2 * 24) + 6 + 4, (weights / "small").Parameters.Sum(parameter => parameter.numel()));
    }
}
