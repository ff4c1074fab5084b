using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Head;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

public sealed class AdapterSetTests
{
    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void OnePassGivesWhatEachAdapterGivesAlone(string name)
    {
        using DisposeScope life = torch.NewDisposeScope();
        using Host host = Host.Open(name);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var counted = new CountedBackbone(host.Backbone);
        var set = new AdapterSet(counted);
        set.Add(new UniPTMethod(new UniPTOptions { Width = 8 }).Attach(counted.Streams[0], weights / "wide", 6));
        set.Add(new UniPTMethod(new UniPTOptions { Width = 4 }).Attach(counted.Streams[0].Select([0, 2]), weights / "narrow", 5));
        set.Add(new HeadMethod(new HeadOptions()).Attach(counted.Streams["again"], weights / "head", 4));
        float[][] alone = [.. set.Adapters.Select(adapter => adapter.forward(host.Input).Tokens.ToArray<float>())];
        counted.Passes = 0;

        IReadOnlyList<TunedFeatures> together = set.Forward(host.Input);

        Assert.Equal(1, counted.Passes);
        Assert.Equal(alone, together.Select(features => features.Tokens.ToArray<float>()));
    }

    [Fact]
    public void HiddenStatesAreFreed()
    {
        using DisposeScope life = torch.NewDisposeScope();
        using Host host = Host.Open("use_lite");
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var set = new AdapterSet(host.Backbone);
        set.Add(new HeadMethod(new HeadOptions()).Attach(host.Backbone, weights, 4));
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        TensorCount before = TensorCount.Now();
        set.Forward(host.Input);

        // The features and their mask.
        Assert.Equal(before.Live + 2, TensorCount.Now().Live);
    }

    [Fact]
    public void WhatCannotShareAPassIsRefused()
    {
        using DisposeScope life = torch.NewDisposeScope();
        using Host host = Host.Open("use_lite");
        using Host other = Host.Open("use_lite");
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var set = new AdapterSet(host.Backbone);
        TunedBackbone elsewhere = new HeadMethod(new HeadOptions()).Attach(other.Backbone, weights / 0, 4);
        Assert.Contains("another use_lite", Assert.Throws<UserException>(() => set.Add(elsewhere)).Message);
        TunedBackbone changing = new LoraMethod(new LoraOptions()).Attach(host.Backbone, weights / 1, 4);
        Assert.Contains("changes the hidden states", Assert.Throws<UserException>(() => set.Add(changing)).Message);
        Assert.Empty(set.Adapters);
    }

    private sealed class CountedBackbone(Backbone inner) : Backbone(inner.Store)
    {
        private BackboneStreams? _streams;

        public int Passes { get; set; }

        public override string Name => inner.Name;

        public override BackboneStreams Streams => _streams ??= new(
            new BackboneStream(this, Source.Name, Source.Layout, Source.Widths, Source.LayerNames),
            new BackboneStream(this, "again", Source.Layout, Source.Widths, Source.LayerNames));

        private BackboneStream Source => inner.Streams.Only;

        protected override BackboneOutput Compute(BackboneInput input)
        {
            Passes++;
            HiddenStates states = Source.Read(input);
            return new((Source.Name, states), ("again", states with { Layers = [.. states.Layers.Select(layer => layer * Scalars.Of(2))] }));
        }
    }
}
