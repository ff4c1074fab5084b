using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Lora;

public sealed class LoraMethodTests
{
    [Fact]
    public void QueriesAndValuesOfATransformerTrain() => MethodContract.TrainsExactly(
        "use_lite", new LoraMethod(new LoraOptions { Rank = 4 }), (4 * 2 * (512 + 1024)) + MethodContract.Linear(512), Names("blocks.0.query", "blocks.0.value", "blocks.1.query", "blocks.1.value"));

    [Fact]
    public void PointwiseConvolutionsOfANetworkOfMapsTrain() => MethodContract.TrainsExactly(
        "mobilenet_v2",
        new LoraMethod(new LoraOptions { Rank = 2 }),
        (2 * 18_528) + MethodContract.Linear(1280),
        Names(
        [
            .. Enumerable.Range(1, 17).Select(i => $"blocks.{i}.expand"),
            .. Enumerable.Range(0, 17).Select(i => $"blocks.{i}.project"),
        ]));

    /// <summary>A convolution's update has its kernel: A is as large as the convolution but for its channels, B is 1×1.</summary>
    [Fact]
    public void ConvolutionsWithKernelsTrain() => MethodContract.TrainsExactly(
        "resnet_cntk",
        new LoraMethod(new LoraOptions { Rank = 2 }),
        2 * (Update(8, 8) + Update(8, 8) + Update(8, 16) + Update(16, 16) + Update(16, 24) + Update(24, 24) + Update(24, 32) + (3 * Update(32, 32))) + MethodContract.Linear(32),
        Names([.. Enumerable.Range(0, 5).SelectMany(i => new[] { $"blocks.{i}.expand", $"blocks.{i}.project" })]));

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    [InlineData("resnet")]
    [InlineData("resnet_cntk")]
    public void ItStartsAsTheFrozenBackbone(string host)
    {
        using var trial = new Trial(host, new LoraMethod(new LoraOptions { Targets = [.. Enum.GetValues<LinearRole>()] }));
        Assert.Equal(Trial.Frozen(host), trial.Hidden());
        trial.Train();
        Assert.NotEqual(Trial.Frozen(host), trial.Hidden());
    }

    [Fact]
    public void TheUpdateIsTheFormula()
    {
        using var trial = new Trial("use_lite", new LoraMethod(new LoraOptions { Rank = 3, Alpha = 6, Targets = [LinearRole.Down] }));
        trial.Train();
        LinearMap map = trial.Host.Backbone.Streams.Only.Blocks[1].Linears[LinearRole.Down];
        IReadOnlyDictionary<string, Tensor> own = trial.Tuned.Store.State();
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor input = torch.randn(5, 1536);
        Tensor update = own["method.blocks.1.down.lora_B.weight"].MatMul(own["method.blocks.1.down.lora_A.weight"]) * Scalars.Of(2);
        Tensor expected = nn.functional.linear(input, map.Weight.Add(update), map.Bias);
        Assert.Equal(0, (expected - map.forward(input)).abs().max().Item(), 1e-5);
    }

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    [InlineData("resnet")]
    [InlineData("resnet_cntk")]
    public void MergingKeepsTheFeaturesAndTakingItBackTheBits(string host)
    {
        TensorCount live = TensorCount.Now();
        using (var trial = new Trial(host, new LoraMethod(new LoraOptions { Targets = [.. Enum.GetValues<LinearRole>()] })))
        {
            trial.Train(10);
            LoraUpdates updates = ((LoraBackbone)trial.Tuned).Updates;
            float[] apart = trial.Features();
            byte[][] weights = Weights(trial);

            updates.Merge();
            Assert.True(updates.Merged);
            float[] merged = trial.Features();
            Assert.All(apart.Zip(merged), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * apart.Max(Math.Abs)));
            Assert.NotEqual(Trial.Frozen(host), trial.Hidden());

            updates.Unmerge();
            Assert.Equal(weights, Weights(trial));
            Assert.Equal(apart, trial.Features());
            updates.Merge();
            Assert.Equal(merged, trial.Features());
        }

        // Merged weights and what they were are freed with the backbone.
        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public void MergingTwiceAndTakingBackNothingAreRefused()
    {
        using var trial = new Trial("use_lite", new LoraMethod(new LoraOptions()));
        LoraUpdates updates = ((LoraBackbone)trial.Tuned).Updates;
        Assert.Contains("not merged", Assert.Throws<UserException>(updates.Unmerge).Message);
        updates.Merge();
        Assert.Contains("merged already", Assert.Throws<UserException>(updates.Merge).Message);
    }

    [Fact]
    public void DropoutActsOnTheUpdateWhileTraining()
    {
        using var trial = new Trial("use_lite", new LoraMethod(new LoraOptions { Dropout = 0.5 }));
        trial.Train();
        float[] calm = trial.Features();
        Assert.Equal(calm, trial.Features());
        trial.Tuned.Store.train(true);
        Assert.NotEqual(calm, trial.Features());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void ARankBelowOneIsRefused(int rank)
    {
        var error = Assert.Throws<UserException>(() => new Trial("use_lite", new LoraMethod(new LoraOptions { Rank = rank })));
        Assert.Equal($"The rank of lora is {rank}; it must be at least 1.", error.Message);
    }

    [Fact]
    public void MapsThatTheBackboneLacksAreRefused()
    {
        var error = Assert.Throws<UserException>(() => new Trial("mobilenet_v2", new LoraMethod(new LoraOptions { Targets = [LinearRole.Query, LinearRole.Up] })));
        Assert.Contains("mobilenet_v2 with the linear maps [query, up]", error.Message);
        MethodContract.RefusesAClosedBackbone(new LoraMethod(new LoraOptions()));
    }

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    [InlineData("resnet")]
    [InlineData("resnet_cntk")]
    public void NothingIsLeftBehind(string host) => MethodContract.LeaksNothing(host, new LoraMethod(new LoraOptions { Dropout = 0.1 }));

    [Fact]
    public void ABackboneTakesOneMethodInside()
    {
        using var trial = new Trial("use_lite", new LoraMethod(new LoraOptions()));
        Assert.Throws<InvalidOperationException>(() => new LoraMethod(new LoraOptions()).Attach(trial.Host.Backbone, Torch.Weights.Fresh(3), 4));
    }

    private static long Update(int input, int output) => (9 * input) + output;

    private static byte[][] Weights(Trial trial) => [.. trial.Host.Backbone.Store.Parameters.Values.Select(tensor => tensor.ToBytes())];

    private static string[] Names(params IEnumerable<string> maps) => [.. maps.SelectMany(map => new[] { $"method.{map}.lora_A.weight", $"method.{map}.lora_B.weight" })];
}
