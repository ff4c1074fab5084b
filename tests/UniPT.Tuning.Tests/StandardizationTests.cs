using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Tests;

public sealed class StandardizationTests
{
    [Fact]
    public void EveryLayerIsScaledByItsOwnDeviationsWithAFloor()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var standardization = new Standardization(weights, [2, 1, 1]);

        // Deviations 1 and 0 in the first layer, 4 in the second; the third is constant.
        Tensor pooled = TensorData.From([4f, 7, 10, 5, 6, 7, 18, 5], 2, 4);
        standardization.Fit(pooled);
        float[] expected = [-1 / 1.15f, 0, -4 / 5.2f, 0, 1 / 1.15f, 0, 4 / 5.2f, 0];
        Assert.All(expected.Zip(standardization.Forward(pooled).ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(store.Buffers["scale"].ToArray<float>(), scale => Assert.True(float.IsFinite(scale)));
    }

    [Fact]
    public void ChannelsThatVaryByRoundingAreSilent()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var standardization = new Standardization(weights, [8, 8]);

        // All of the first layer is one state, rounded differently; in the second one channel varies.
        Tensor pooled = torch.randn(1, 16) * torch.randn(50, 16).mul(Scalars.Of(1e-7)).Add(torch.ones(1));
        pooled.select(1, 11).add_(torch.randn(50) * Scalars.Of(1e-2));
        Tensor fitted = standardization.Fit(pooled);

        Tensor largest = fitted.abs().amax([0]);
        Assert.All(largest.ToArray<float>().Index(), channel => Assert.Equal(channel.Index == 11, channel.Item > 0));
        Assert.InRange(largest.max().Item(), 1, 10);
    }

    [Fact]
    public void TheDirectPathProjectsStandardisedMeansBesideTheMethod()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        var states = new HiddenStates([torch.randn(3, 4, 2), torch.randn(3, 4, 3)], [4, 2, 1]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var options = new HeadOptions { Direct = new DirectPathOptions { Enabled = true, Dropout = 0.5 } };
        TunedBackbone tuned = new HeadMethod(options).Attach(new GivenStates(states), weights, 6);
        Standardization standardization = ((IStandardizing)tuned).Standardization!;
        standardization.Fit(Standardization.Pool(states));
        Tensor weight = torch.randn(6, 5);
        var path = (IHasDirectPath)tuned;
        path.Direct!.Start(weight);
        path.Silence();
        TunedFeatures features = tuned.Adapt(states);
        Assert.Equal(nn.functional.linear(standardization.Forward(Standardization.Pool(states)), weight).ToArray<float>(), features.Direct!.ToArray<float>());
        Assert.All(features.Tokens.ToArray<float>(), value => Assert.Equal(0, value));
        store.train(true);
        Assert.NotEqual(features.Direct!.ToArray<float>(), tuned.Adapt(states).Direct!.ToArray<float>());
    }
}
