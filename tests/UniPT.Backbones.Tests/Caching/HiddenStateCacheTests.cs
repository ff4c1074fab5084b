using UniPT.Backbones.Caching;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Caching;

public sealed class HiddenStateCacheTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatWasKeptIsWhatTheBackboneGave(bool texts)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        int[]? lengths = texts ? [3, 1, 2] : null;
        Tensor values = torch.randn(3, 3, 4);
        Tensor valid = lengths is null ? values.detach() : values * TokenMask.From(lengths, 3).unsqueeze(-1);
        var backbone = new Doubling();
        BackboneInput[] batches = [Batch(values, lengths, 0, 2), Batch(values, lengths, 2, 1)];
        using HiddenStateCache cache = HiddenStateCache.Build(folder.File("states.safetensors"), backbone, batches, 3, lengths);
        HiddenStates states = cache.Get([2, 0]);
        Tensor chosen = torch.stack([valid.select(0, 2), valid.select(0, 0)]);
        Assert.Equal(lengths is null ? null : [2, 3], states.Lengths);
        Assert.Equal(2, states.Layers.Count);
        Assert.Equal(chosen.ToArray<float>(), states.Layers[0].ToArray<float>());
        Assert.Equal((chosen * Scalars.Of(2)).ToArray<float>(), states.Layers[1].ToArray<float>());
        Assert.Equal(chosen.select(1, 0).contiguous().ToArray<float>(), states.Pooled!.ToArray<float>());
        Assert.Equal(lengths is null ? null : [1L, 2], states.Summary?.ToArray<long>());
    }

    private static BackboneInput Batch(Tensor values, int[]? lengths, int start, int count) =>
        new(values.narrow(0, start, count), lengths?[start..(start + count)]);

    /// <summary>Gives its input, twice its input, pools the first token, and names the last one of texts.</summary>
    private sealed class Doubling() : Backbone(Weights.Fresh(0).Store)
    {
        public override string Name => "doubling";

        public override HiddenLayout Layout => HiddenLayout.Tokens;

        public override IReadOnlyList<int> Widths => [4, 4];

        public override IReadOnlyList<string> LayerNames => ["input", "twice"];

        public override int? PooledWidth => 4;

        protected override HiddenStates Compute(BackboneInput input) =>
            new([input.Values.alias(), input.Values * Scalars.Of(2)], input.Lengths)
            {
                Pooled = input.Values.select(1, 0),
                Summary = input.Lengths is null ? null : TensorData.From([.. input.Lengths.Select(length => length - 1L)], input.Lengths.Count),
            };
    }
}
