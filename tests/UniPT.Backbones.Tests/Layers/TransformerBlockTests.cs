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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ExamplesThatRunInPartsGiveWhatTheyGiveTogether(bool ownMasks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Batch = 11, Tokens = 400, Heads = 2;
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var block = new PreNormBlock(weights, new BlockShape(8, 20, Heads, Activation.Relu, 1e-5));
        Tensor input = torch.randn(Batch, Tokens, 8);
        Tensor mask = ownMasks ? AttentionMask.Keys(TokenMask.From([.. Enumerable.Range(1, Batch).Select(row => 30 * row)], Tokens), Heads)! : AttentionMask.Causal(Tokens);

        // What is recorded runs at once.
        Tensor expected = block.Forward(input, mask);
        using IDisposable unrecorded = torch.no_grad();
        Tensor actual = block.Forward(input, mask);

        Assert.True(expected.requires_grad);
        Tensors.Close(expected, actual);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void PositionsAreSeenByQueriesAndKeysAndNotByValues(bool normalisesInputs, bool ownPositions)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Batch = 5, Tokens = 900;
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var shape = new BlockShape(4, 6, 2, Activation.Relu, 1e-5);
        TransformerBlock block = normalisesInputs ? new PreNormBlock(weights, shape) : new PostNormBlock(weights, shape);
        Tensor input = torch.randn(Batch, Tokens, 4);
        Tensor positions = torch.randn(ownPositions ? Batch : 1, Tokens, 4);
        Tensor normed = normalisesInputs ? block.AttentionNorm.forward(input) : input;
        Tensor placed = normed.Add(positions);
        Tensor attended = input.Add(block.Attention.Forward(placed, placed, normed, null));
        Tensor expected = normalisesInputs
            ? attended.Add(block.FeedForward.forward(block.FeedForwardNorm.forward(attended)))
            : block.AttentionNorm.forward(attended) is var h ? block.FeedForwardNorm.forward(h.Add(block.FeedForward.forward(h))) : attended;

        Tensors.Close(expected.detach(), block.Forward(input, positions: positions).detach());
        using IDisposable unrecorded = torch.no_grad();
        Tensors.Close(expected, block.Forward(input, positions: positions));
        Assert.True((expected - block.Forward(input)).abs().max().Item() > 1e-3);
    }

    [Fact]
    public void WithoutGradientsMoreExamplesNeedNoMoreForTheFeedForwardNetwork()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Tokens = 64, Width = 32, Inner = 512;
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var block = new PreNormBlock(weights, new BlockShape(Width, Inner, 2, Activation.Relu, 1e-5));
        using IDisposable unrecorded = torch.no_grad();
        Tensor input = torch.randn(512, Tokens, Width);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();

        block.Forward(input);

        // At once it would be 16 times the input.
        Assert.InRange(TensorMemory.Peak() - before, 2 * input.ByteCount(), 4 * input.ByteCount());
    }
}
