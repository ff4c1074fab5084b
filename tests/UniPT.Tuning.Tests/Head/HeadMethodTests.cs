using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Head;

public sealed class HeadMethodTests
{
    [Theory]
    [InlineData("use_lite", 512)]
    [InlineData("mobilenet_v2", 1280)]
    public void OnlyTheProjectionTrains(string host, int width)
    {
        var method = new HeadMethod(new HeadOptions());
        MethodContract.TrainsExactly(host, method, MethodContract.Linear(width));
        MethodContract.LeaksNothing(host, method);
    }

    [Fact]
    public void EveryTokenOfTheLastHiddenStateIsProjected()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        var states = new HiddenStates([torch.randn(2, 3, 5), torch.randn(2, 3, 7)], [3, 1]);
        (TunedFeatures features, WeightStore store) = Attach(new HeadOptions(), states);
        using WeightStore owned = store;
        Assert.Equal(nn.functional.linear(states.Layers[1], store.Parameters["linear.weight"], store.Parameters["linear.bias"]).ToArray<float>(), features.Tokens.ToArray<float>());
        Assert.Equal([3, 1], TokenMask.Lengths(features.Mask!)!);
        Assert.Equal((7 * 4) + 4, store.ParameterCount);
    }

    /// <summary>As where CLIP-ViL's published code trains nothing but its answer head.</summary>
    [Fact]
    public void WithoutAProjectionTheLastHiddenStateIsGivenAsItIs()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.randn(2, 3, 5), torch.randn(2, 3, 7)], [3, 1]);
        using var backbone = new GivenStates(states);
        foreach ((int? output, int parameters) in ((int?, int)[])[(null, 0), (4, 32)])
        {
            using TunedBackbone tuned = new HeadMethod(new HeadOptions { Projection = false }).Attach(backbone.Streams.Only, output);
            Assert.Equal(parameters, tuned.Store.ParameterCount);
            Assert.Equal(output is null, states.Layers[1].ToArray<float>().SequenceEqual(tuned.Adapt(states).Tokens.ToArray<float>()));
        }
    }

    [Fact]
    public void TheCellsOfAMapAreTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        (TunedFeatures features, WeightStore store) = Attach(new HeadOptions(), new HiddenStates([torch.randn(2, 5, 3, 2)]));
        using WeightStore owned = store;
        Assert.Equal([2, 6, 4], features.Tokens.shape);
    }

    [Fact]
    public void JoinedLayersBecomeOneTokenOfTheirMeans()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Tensor first = torch.randn(2, 3, 5);
        var states = new HiddenStates([first, torch.randn(2, 3, 6), torch.randn(2, 3, 7)], [3, 1]);
        (TunedFeatures features, WeightStore store) = Attach(new HeadOptions { Joined = [0, 2] }, states);
        using WeightStore owned = store;
        Assert.Equal([2, 1, 4], features.Tokens.shape);
        Assert.Null(features.Mask);

        // The second row has one valid token, so its mean is that token.
        Tensor means = torch.cat([first.select(1, 0), states.Layers[2].select(1, 0)], 1);
        float[] expected = nn.functional.linear(means, store.Parameters["linear.weight"], store.Parameters["linear.bias"]).ToArray<float>()[4..];
        Assert.All(expected.Zip(features.Tokens.ToArray<float>()[4..]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void ALayerThatIsNotThereIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var error = Assert.Throws<UserException>(() => Attach(new HeadOptions { Joined = [0, 3] }, new HiddenStates([torch.zeros(1, 2, 3)])));
        Assert.Contains("[0, 3]", error.Message);
    }

    [Fact]
    public void OnlyFullFineTuningTrainsTheBackbone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var backbone = new GivenStates(new HiddenStates([torch.zeros(1, 2, 3)]));
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        Assert.False(new HeadMethod(new HeadOptions()).Attach(backbone, weights / "head", 4).ChangesHiddenStates);
        Assert.True(new FullMethod(new FullOptions()).Attach(backbone, weights / "full", 4).ChangesHiddenStates);
    }

    private static (TunedFeatures Features, WeightStore Store) Attach(HeadOptions options, HiddenStates states)
    {
        Weights weights = Weights.Fresh(1);
        return (new HeadMethod(options).Attach(new GivenStates(states), weights, 4).Adapt(states), weights.Store);
    }
}
