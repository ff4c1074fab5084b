using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class RelativePositionsTests
{
    /// <summary>Fused attention gives outputs and all gradients, those of the table too, that the written-out formula gives, at a size where it takes its fast path.</summary>
    [Fact]
    public void UnscaledAttentionWithPositionsIsTheFormula()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var positions = new RelativePositions(weights / "positions", 32, 4, 128, bothWays: true, Initializers.Normal(1));
        Linear Map(string name) => new(weights / name, 64, 128, bias: false, Initializers.Normal(0.1));
        var attention = new MultiHeadAttention(Map("q"), Map("k"), Map("v"), new Linear(weights / "o", 128, 64), 4) { IsScaled = false, Positions = positions };
        Tensor input = torch.randn(2, 150, 64);
        Tensor mask = AttentionMask.Keys(TokenMask.From([150, 90], 150), 4)!;
        Tensor direction = torch.randn(2, 150, 64);
        (Tensor Output, Tensor[] Gradients) fused = Run(attention.Forward(input, mask));
        Tensor Heads(Linear map) => map.forward(input).view(2, 150, 4, 32).transpose(1, 2);
        Tensor scores = Heads(attention.Query).MatMul(Heads(attention.Key).transpose(2, 3)).Add(positions.Forward(150, 150)).Add(mask.view(2, 4, 1, 150));
        (Tensor Output, Tensor[] Gradients) written = Run(attention.Output.forward(scores.softmax(-1).MatMul(Heads(attention.Value)).transpose(1, 2).flatten(2)));
        Tensors.Close(written.Output, fused.Output);
        Assert.All(written.Gradients.Zip(fused.Gradients), pair => Tensors.Close(pair.First, pair.Second, 1e-4));

        (Tensor, Tensor[]) Run(Tensor output)
        {
            (output * direction).sum().Backward();
            Tensor[] gradients = [.. store.Parameters.Values.Select(parameter => parameter.grad!.clone())];
            foreach (Tensor parameter in store.Parameters.Values)
            {
                parameter.grad = null;
            }

            return (output, gradients);
        }
    }

    /// <summary>Of the last queries alone: what a decoder needs that keeps the keys of earlier tokens.</summary>
    [Fact]
    public void TheLastQueryStandsWhereTheLastKeyDoes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Weights.Fresh(1).Store;
        var positions = new RelativePositions(store.Root, 8, 2, 10, bothWays: false, Initializers.Normal(1));
        Tensors.Close(positions.Forward(6, 6).narrow(2, 4, 2), positions.Forward(2, 6));
    }
}
