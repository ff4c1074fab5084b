using UniPT.Backbones.Caching;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Caching;

public sealed class HiddenStateCacheTests
{
    [Theory]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float32)]
    [InlineData(true, ScalarType.BFloat16)]
    [InlineData(false, ScalarType.BFloat16)]
    public void WhatWasKeptIsWhatTheBackboneGave(bool texts, ScalarType type)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        int[]? lengths = texts ? [3, 1, 2] : null;
        Tensor values = torch.randn(3, 3, 4).to(type);
        Tensor valid = lengths is null ? values.detach() : values * TokenMask.From(lengths, 3).unsqueeze(-1).to(type);
        BackboneStream stream = new Doubling().Streams.Only;
        BackboneInput[] batches = [Batch(values, lengths, 0, 2), Batch(values, lengths, 2, 1)];
        using HiddenStateCache cache = HiddenStateCache.Build(folder.File("states.safetensors"), stream, batches, 3, lengths);
        HiddenStates states = cache.Get([2, 0]);
        Tensor chosen = torch.stack([valid.select(0, 2), valid.select(0, 0)]);
        Assert.Equal(lengths is null ? null : [2, 3], states.Mask is null ? null : TokenMask.Lengths(states.Mask));
        Assert.Equal(2, states.Layers.Count);
        Assert.All(states.Layers.Append(states.Pooled), state => Assert.Equal(type, state!.dtype));
        Assert.Equal(Numbers(chosen), Numbers(states.Layers[0]));
        Assert.Equal(Numbers(chosen * Scalars.Of(2)), Numbers(states.Layers[1]));
        Assert.Equal(Numbers(chosen.select(1, 0)), Numbers(states.Pooled!));
        Assert.Equal(lengths is null ? null : [1L, 2], states.Summary?.ToArray<long>());

        // They were computed in inference mode; what is read of them may be saved for backward.
        Tensor weight = torch.ones([4], dtype: type).requires_grad_();
        (states.Layers[1] * weight).sum().Backward();
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void HolesAreKeptAndTheTokensInThem()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor values = torch.randn(3, 4, 2);
        Tensor mask = TensorData.From([1f, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 1], 3, 4);
        BackboneInput input = new(("values", values), ("mask", mask));
        using HiddenStateCache cache = HiddenStateCache.Build(folder.File("states.safetensors"), new Doubling().Streams.Only, [input], 3, [3, 2, 4]);

        HiddenStates states = cache.Get([0, 1]);

        Assert.Equal([1f, 0, 1, 1, 1, 0], states.Mask!.ToArray<float>());
        Assert.Equal(Numbers(values.select(0, 0).narrow(0, 0, 3)), Numbers(states.Layers[0].select(0, 0)));
        Assert.Equal([1f, 0, 1, 0, 0, 1, 0, 1], cache.Get([0, 2]).Mask!.ToArray<float>());
        var error = Assert.Throws<UserException>(
            () => HiddenStateCache.Build(folder.File("other.safetensors"), new Doubling().Streams.Only, [input], 3, [3, 2, 3]));
        Assert.Equal("The example 2 has tokens that count behind the 3 that are to be kept of it.", error.Message);
    }

    /// <summary>Of equally long sequences all is kept, as of a question behind whose padding a picture's cells stand.</summary>
    [Fact]
    public void WithoutLengthsPaddingIsKeptWithTheMask()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor values = torch.randn(3, 3, 2);
        BackboneInput input = new(("values", values), ("mask", TensorData.From([1f, 1, 1, 1, 0, 1, 0, 0, 1], 3, 3)));
        using HiddenStateCache cache = HiddenStateCache.Build(folder.File("states.safetensors"), new Doubling().Streams.Only, [input], 3);
        HiddenStates states = cache.Get([2, 0]);
        Assert.Equal([0f, 0, 1, 1, 1, 1], states.Mask!.ToArray<float>());
        Assert.Equal(Numbers(values.select(0, 2)), Numbers(states.Layers[0].select(0, 0)));
    }

    private static float[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float32).ToArray<float>();

    private static BackboneInput Batch(Tensor values, int[]? lengths, int start, int count) =>
        new(values.narrow(0, start, count), lengths?[start..(start + count)]);

    /// <summary>Gives its input, twice its input, pools the first token, and names the last one of texts.</summary>
    private sealed class Doubling() : Backbone(Weights.Fresh(0).Store)
    {
        public override string Name => "doubling";

        public override BackboneStreams Streams => new(new BackboneStream(this, "doubled", HiddenLayout.Tokens, [4, 4], ["input", "twice"]) { PooledWidth = 4 });

        protected override BackboneOutput Compute(BackboneInput input) =>
            new("doubled", new HiddenStates([input.Values.alias(), input.Values * Scalars.Of(2)], input.Mask)
            {
                Pooled = input.Values.select(1, 0),
                Summary = input.Mask is null ? null : (input.Mask.sum(1) - Scalars.Of(1)).to(ScalarType.Int64),
            });
    }
}
