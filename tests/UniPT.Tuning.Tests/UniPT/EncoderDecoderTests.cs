using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Backbones.UserModels;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

public sealed class EncoderDecoderTests
{
    [Theory]
    [InlineData(PublishedForm.Mdetr)]
    [InlineData(PublishedForm.T5Derived)]
    public void AttachedToTheDecoderBothSidesTrainAndTheBackboneStays(PublishedForm form)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using EncoderDecoder model = Model(out BackboneInput input);
        using ModuleBackbone backbone = model.ToBackbone(input);
        byte[][] before = [.. model.parameters().Select(parameter => parameter.ToBytes())];
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = form, Width = 16 }).Attach(backbone.Streams["decoder"], output: 3);
        using WeightStore store = tuned.Store;
        Dictionary<string, byte[]> fresh = store.Trainable.ToDictionary(pair => pair.Key, pair => pair.Value.ToBytes());
        using var optimizer = new AdamW([new ParameterGroup(store.Trainable.ToDictionary())]);
        Tensor goal = torch.randn(2, 4, 3);
        var losses = new List<double>();
        tuned.train();
        for (int step = 0; step < 20; step++)
        {
            using DisposeScope each = torch.NewDisposeScope();
            Tensor loss = (tuned.forward(input).Tokens - goal).pow(Scalars.Of(2)).mean();
            loss.Backward();
            optimizer.Step(1e-2);
            optimizer.ZeroGrad();
            losses.Add(loss.Item());
        }

        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]:g3} became {losses[^1]:g3}");
        Assert.Equal(before, model.parameters().Select(parameter => parameter.ToBytes()));
        Assert.Empty(store.Trainable.Where(pair => pair.Value.ToBytes().SequenceEqual(fresh[pair.Key])).Select(pair => pair.Key));
        Assert.Equal(["decoder", "encoder"], store.Trainable.Select(pair => pair.Key.Split('.')[0]).Distinct().Order());
        Assert.Equal(["d0", "d1"], tuned.forward(input).MergedLayers);
        Assert.Equal(3, backbone.Streams["encoder"].Widths.Count);
        Assert.Same(backbone.Streams["encoder"], tuned.Stream.Memory);
    }

    [Fact]
    public void PaddingOfTheMemoryDoesNotMatter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedBackbone tuned = Given(out HiddenStates states);
        using WeightStore store = tuned.Store;
        HiddenStates memory = states.Memory!;
        Tensor mask = TokenMask.From([3, 5], 5);
        HiddenStates With(double padding) => states with
        {
            Memory = new HiddenStates([.. memory.Layers.Select(layer => torch.where(mask.unsqueeze(-1).gt(Scalars.Of(0)), layer, torch.full_like(layer, Scalars.Of(padding))))], mask),
        };

        float[] features = tuned.Adapt(With(1)).Tokens.ToArray<float>();

        Assert.Equal(features, tuned.Adapt(With(-7)).Tokens.ToArray<float>());
        Assert.NotEqual(features, tuned.Adapt(states).Tokens.ToArray<float>());
    }

    [Fact]
    public void TheMemoryIsKeptWithTheDecodersStates()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        using EncoderDecoder model = Model(out BackboneInput input);
        using ModuleBackbone backbone = model.ToBackbone(input);
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 4 }).Attach(backbone.Streams["decoder"]);
        using WeightStore store = tuned.Store;
        using HiddenStateCache cache = HiddenStateCache.Build(folder.File("states"), tuned.Stream, [input], 2, memoryLengths: [5, 3]);

        Assert.Equal(tuned.forward(input).Tokens.ToArray<float>(), tuned.Adapt(cache.Get([0, 1])).Tokens.ToArray<float>());
    }

    [Fact]
    public void WhatIsNotDefinedThereIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedBackbone tuned = Given(out HiddenStates states);
        using WeightStore store = tuned.Store;
        Refused("Beside the stream decoder of given unipt reads", () => tuned.Adapt(states with { Memory = null }));
        Refused("is defined with anchor: last_layer", () => Attach(states, new UniPTOptions { AcrossLayers = true }));
        Refused("has neither a direct path", () => Attach(states, new UniPTOptions { StandardiseInputs = true }));
        Refused(
            "so it needs at least 2 hidden states; the stream encoder of given was given with 1",
            () => Attach(states with { Memory = new HiddenStates([torch.zeros(2, 5, 6)]) }, new UniPTOptions()));
    }

    private static TunedBackbone Given(out HiddenStates states)
    {
        TorchRuntime.ManualSeed(3);
        states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 4, 8))])
        {
            Memory = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 5, 6))]),
        };
        return Attach(states, new UniPTOptions { Form = PublishedForm.Mdetr, Width = 4 });
    }

    private static TunedBackbone Attach(HiddenStates states, UniPTOptions options) => new UniPTMethod(options).Attach(new GivenStates(states).Streams["decoder"]);

    private static EncoderDecoder Model(out BackboneInput input)
    {
        TorchRuntime.ManualSeed(3);
        input = EncoderDecoder.Input(torch.randn(2, 5, 32) * Scalars.Of(3), torch.randn(2, 4, 32) * Scalars.Of(3), TokenMask.From([5, 3], 5));
        return new EncoderDecoder(32);
    }

    private static void Refused(string part, Action action)
    {
        var error = Assert.Throws<UserException>(action);
        Assert.True(error.Message.Contains(part, StringComparison.OrdinalIgnoreCase), error.Message);
    }
}
