using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

public sealed class UniPTMethodTests
{
    private static readonly long[] MobileNetChannels = [24, 32, 96, 1280];

    [Fact]
    public void TheParallelNetworkTrains() => MethodContract.TrainsOnly(
        "use_lite",
        new UniPTMethod(new UniPTOptions { Width = 16 }),
        ((256 + 3) * 16) + (2 * (512 + 3) * 16) + (16 + 1) + ((16 + 3) * 16) + ((16 + 1) * Trial.Output),
        [.. Names("downsample_layers.0.0", "downsample_layers.0.1", "downsample_layers.1.0", "downsample_layers.1.1", "downsample_layers.2.0", "downsample_layers.2.1"),
            .. Names("gate_layer", "projection_layer.0", "projection_layer.1", "upsample_layer.1")]);

    [Fact]
    public void BesideMapsTheQueriesOfCellsTrainToo()
    {
        using var trial = new Trial("mobilenet_v2", new UniPTMethod(new UniPTOptions { Width = 16 }));
        int[] widths = [24, 32, 96];
        Assert.Equal(
            [
                .. Names("downsample_layers.0.0", "downsample_layers.0.1", "downsample_layers.1.0", "downsample_layers.1.1", "downsample_layers.2.0", "downsample_layers.2.1"),
                .. Names("downsample_layers.3.0", "downsample_layers.3.1", "gate_layer"),
                .. Names("identity_layers.0.0", "identity_layers.1.0", "identity_layers.2.0", "projection_layer.0", "projection_layer.1", "upsample_layer.1"),
            ],
            trial.Trained.Order(StringComparer.Ordinal));
        Assert.Equal(
            widths.Append(1280).Sum(width => (width + 3) * 16) + widths.Sum(width => 1281 * width) + (16 + 1) + ((16 + 3) * 16) + ((16 + 1) * Trial.Output),
            trial.TrainedCount);

        // Batch norms keep statistics besides. What is added before one, or to all scores alike, has no gradient in exact
        // arithmetic: whether rounding moves it is chance.
        static bool Certain(string name) => !name.Contains("running_", StringComparison.Ordinal)
            && name is not "method.gate_layer.bias" && !(name.StartsWith("method.downsample_layers.", StringComparison.Ordinal) && name.EndsWith(".0.bias", StringComparison.Ordinal))
            && name is not "method.projection_layer.0.bias";
        Assert.Equal(
            trial.Trained.Where(Certain).Order(StringComparer.Ordinal), trial.Train().Where(Certain).Order(StringComparer.Ordinal));
        Assert.Equal(Trial.Frozen("mobilenet_v2"), trial.Hidden());
    }

    [Fact]
    public void TheTextNetworkOfThePaperHasItsParameters()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([.. Enumerable.Range(0, 13).Select(_ => torch.zeros(1, 1, 768))]);
        Assert.Equal(5_921_281, Count(states));
    }

    [Fact]
    public void TheImageNetworkOfThePaperHasItsParameters()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal(6_433_537, Count(new HiddenStates([.. Enumerable.Range(0, 4).Select(i => torch.zeros(1, 256 << i, 8 >> i, 8 >> i))])));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(224, 224)]
    [InlineData(100, 68)]
    [InlineData(33, 65)]
    public void MapsOfAnyPictureSizeBecomeTheCellsOfTheLastOne(int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(height);
        long Side(long pixels, int layer) => (pixels + (4 << layer) - 1) / (4 << layer);
        var states = new HiddenStates([.. MobileNetChannels.Select((channels, i) => torch.randn(2, channels, Side(height, i), Side(width, i)))]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(true);
        TunedFeatures features = new UniPTMethod(new UniPTOptions { Width = 16 }).Attach(new GivenStates(states), weights, 12).Adapt(states);
        features.Tokens.sum().Backward();
        Assert.Equal([2, Side(height, 3) * Side(width, 3), 12], features.Tokens.shape);
        Assert.All(store.Parameters.Values, parameter => Assert.Equal(1, parameter.grad!.isfinite().all().to(ScalarType.Float32).Item()));
    }

    [Fact]
    public void TheConfidenceWeighsEveryMergedLayer()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(3);
        var states = new HiddenStates([.. Enumerable.Range(0, 4).Select(_ => torch.randn(5, 6, 8))], [6, 1, 3, 2, 6]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 16 }).Attach(new GivenStates(states), weights, 12);
        Tensor confidence = tuned.Adapt(states).Confidence!;
        Assert.Equal([5, 3], confidence.shape);
        Assert.All(confidence.sum(1).ToArray<float>(), sum => Assert.Equal(1, sum, 1e-5));
        Assert.Equal(["layer 0", "layer 1", "layer 2"], tuned.MergedLayers);
        Assert.False(confidence.requires_grad);
    }

    [Fact]
    public void BackwardDoesNotCountABatchASecondTime()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.randn(2, 3, 4, 4), torch.randn(2, 5, 2, 2)]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(true);
        Tensor tokens = new UniPTMethod(new UniPTOptions { Width = 4 }).Attach(new GivenStates(states), weights, 6).Adapt(states).Tokens;
        float[][] Statistics() => [.. store.Buffers.Values.Select(buffer => buffer.ToArray<float>())];

        float[][] counted = Statistics();
        tokens.sum().Backward();
        Assert.Equal(6, counted.Length);
        Assert.Equal(counted, Statistics());
    }

    [Fact]
    public void OneHiddenStateIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.zeros(1, 2, 3)]);
        var error = Assert.Throws<UserException>(() => Count(states));
        Assert.Contains("at least 2 hidden states", error.Message);
    }

    [Fact]
    public void MapsThatGrowAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.zeros(1, 2, 3, 3), torch.zeros(1, 2, 3, 4)]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 4 }).Attach(new GivenStates(states), weights, 4);
        var error = Assert.Throws<UserException>(() => tuned.Adapt(states));
        Assert.Contains("3×3", error.Message);
    }

    [Theory]
    [InlineData(HiddenLayout.Tokens)]
    [InlineData(HiddenLayout.Maps)]
    public void TwoHundredStepsLeakNothing(HiddenLayout layout)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = layout == HiddenLayout.Tokens
            ? new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 4, 5))], [4, 2])
            : new HiddenStates([torch.randn(2, 3, 4, 4), torch.randn(2, 5, 2, 2)]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(true);
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 4 }).Attach(new GivenStates(states), weights, 6);

        void Step()
        {
            using DisposeScope step = torch.NewDisposeScope();
            tuned.Adapt(states).Tokens.sum().Backward();
        }

        Step();
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 200; i++)
        {
            Step();
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AStepThatIsNeverTakenBackwardLeaksNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 4, 5))]);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 4 }).Attach(new GivenStates(states), weights, 6);
        TensorCount tensors = TensorCount.Now();
        using (DisposeScope step = torch.NewDisposeScope())
        {
            _ = tuned.Adapt(states);
        }

        Assert.Equal(tensors, TensorCount.Now());
    }

    private static IEnumerable<string> Names(params string[] places) => places.SelectMany(place => new[] { $"method.{place}.bias", $"method.{place}.weight" });

    private static long Count(HiddenStates states) => Parameters.Of(
        weights => new UniPTMethod(new UniPTOptions()).Attach(new GivenStates(states), weights, 1024));
}
