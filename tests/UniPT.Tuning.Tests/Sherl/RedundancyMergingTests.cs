using UniPT.Torch;
using UniPT.Tuning.Sherl;

namespace UniPT.Tuning.Tests.Sherl;

public sealed class RedundancyMergingTests
{
    private const int Width = 5;

    [Fact]
    public void ItIsTheFormula()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var merging = new RedundancyMerging(weights, Width);
        Tensor[] shallow = [torch.randn(2, 3, Width), torch.randn(2, 3, Width), torch.randn(2, 3, Width)];
        Tensor guide = torch.randn(2, 3, Width);

        float[] merged = merging.Forward(shallow, guide).ToArray<float>();

        float[] map = store.Parameters["relevance.weight"].ToArray<float>();
        double shift = store.Parameters["relevance.bias"].Item();
        for (int token = 0; token < 6; token++)
        {
            float[] Row(Tensor tokens) => tokens.ToArray<float>()[(token * Width)..((token + 1) * Width)];
            float[][] rows = [.. shallow.Select(Row)];
            float[] anchor = Row(guide);
            double[] scores =
            [
                .. rows.Select(row =>
                {
                    double relevance = Math.Max(0, Dot(row.Zip(anchor, (x, g) => x * g), map) + shift);
                    double redundancy = rows.Sum(other => Math.Max(0, Dot(row, other) / ((Length(row) + 1e-6) * (Length(other) + 1e-6))));
                    return relevance / redundancy;
                }),
            ];
            double sum = scores.Sum() + 1e-6;
            for (int channel = 0; channel < Width; channel++)
            {
                double expected = anchor[channel] + rows.Zip(scores, (row, score) => row[channel] * score / sum).Sum();
                Assert.Equal(expected, merged[(token * Width) + channel], 1e-4);
            }
        }
    }

    /// <summary>Layers that say the same share the weight that one of them alone would have.</summary>
    [Fact]
    public void WhatIsSaidTwiceCountsHalf()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var merging = new RedundancyMerging(weights, 2);
        weights.Fill(1);
        Tensor right = TensorData.From([1f, 0], 1, 1, 2);
        Tensor up = TensorData.From([0f, 1], 1, 1, 2);

        Tensor merged = merging.Forward([right, right, up], torch.ones(1, 1, 2));

        Assert.All(merged.ToArray<float>(), value => Assert.Equal(1.5, value, 1e-5));
    }

    [Fact]
    public void ALayerOfZerosAddsNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var merging = new RedundancyMerging(weights, 2);
        Tensor guide = torch.ones(1, 1, 2);
        Tensor merged = merging.Forward([guide.zeros_like()], guide);
        merged.sum().Backward();
        Assert.Equal([1, 1], merged.ToArray<float>());
        Assert.All(store.Parameters.Values, parameter => Assert.All(parameter.grad!.ToArray<float>(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void TheProjectionRefinesAndGatesWhatItFound()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var adapter = new TieredAdapter(weights, 4, 3);
        Tensor input = torch.randn(2, 4);
        Tensor Map(string name, Tensor of) => nn.functional.linear(of, store.Parameters[$"{name}.weight"], store.Parameters[$"{name}.bias"]);
        Tensor hidden = Map("down", input).relu();
        Tensor expected = Map("refine", hidden).Add(hidden) * Map("gate", hidden).sigmoid();
        Assert.Equal(0, (expected - adapter.forward(input)).abs().max().Item(), 1e-5);
    }

    private static double Dot(IEnumerable<float> left, IEnumerable<float> right) => left.Zip(right, (a, b) => (double)a * b).Sum();

    private static double Length(float[] row) => Math.Sqrt(Dot(row, row));
}
