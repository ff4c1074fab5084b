using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Sherl;

public sealed class SherlMethodTests
{
    [Fact]
    public void ProjectionsMergingAndTheGateOfATransformerTrain() => MethodContract.TrainsExactly(
        "use_lite",
        new SherlMethod(new SherlOptions()),
        Tiered(256, 128) + Tiered(512, 128) + Merged(128, 512) + MethodContract.Linear(512),
        [.. Names("projections.0.down", "projections.0.refine", "projections.0.gate", "projections.1.down", "projections.1.refine", "projections.1.gate"), .. Others()]);

    [Fact]
    public void ProjectionsMergingAndTheGateOfANetworkOfMapsTrain() => MethodContract.TrainsExactly(
        "mobilenet_v2",
        new SherlMethod(new SherlOptions { Late = 9, Projection = SherlProjection.Normed }),
        new[] { 24, 32, 64 }.Sum(width => (width + 3) * 16) + Merged(16, 64) + MethodContract.Linear(1280),
        [.. Enumerable.Range(0, 3).SelectMany(i => Names($"projections.{i}.linear", $"projections.{i}.norm")), .. Others()]);

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void HiddenStatesStayAsTheyAreAndNothingIsLeftBehind(string host)
    {
        var method = new SherlMethod(new SherlOptions());
        using (var trial = new Trial(host, method))
        {
            Assert.False(trial.Tuned.ChangesHiddenStates);
            using DisposeScope scope = torch.NewDisposeScope();
            Assert.All(trial.Tuned.Hidden(trial.Host.Input).Layers, layer => Assert.False(layer.requires_grad));
            float[] before = trial.Hidden();
            trial.Train();
            Assert.Equal(before, trial.Hidden());
        }

        MethodContract.LeaksNothing(host, method);
    }

    /// <summary>With nothing merged and the gate open the late blocks are given what they are given in the frozen backbone.</summary>
    [Theory]
    [InlineData("use_lite", 1)]
    [InlineData("mobilenet_v2", 1)]
    [InlineData("mobilenet_v2", 9)]
    public void TheLateBlocksAreTheBackbones(string host, int late)
    {
        using var trial = new Trial(host, new SherlMethod(new SherlOptions { Late = late }));
        using Host frozen = Host.Open(host);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor Own(string name) => trial.Tuned.Store.Parameters[$"method.{name}"];
        Own("up.weight").fill_(Scalars.Of(0));
        Own("up.bias").fill_(Scalars.Of(0));
        Own("last_gate").fill_(Scalars.Of(9));
        Tensor expected = nn.functional.linear(HiddenTokens.Of(frozen.Backbone.forward(frozen.Input).Only.Layers[^1]), Own("linear.weight"), Own("linear.bias"));
        Assert.All(
            expected.ToArray<float>().Zip(trial.Features()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4f * expected.abs().max().Item()));
    }

    [Fact]
    public void PaddingIsNotSeen() => MethodContract.DoesNotSeePadding(new SherlMethod(new SherlOptions()));

    [Theory]
    [InlineData("use_lite", 0, 4, "sherl runs the last 0 blocks of use_lite again; it must be 1 to 1 of its 2.")]
    [InlineData("use_lite", 2, 4, "sherl runs the last 2 blocks of use_lite again; it must be 1 to 1 of its 2.")]
    [InlineData("mobilenet_v2", -1, 4, "sherl runs the last -1 blocks of mobilenet_v2 again; it must be 1 to 17 of its 18.")]
    [InlineData("mobilenet_v2", 15, 4, "sherl merges hidden states into the one before the late blocks; with 15 late blocks mobilenet_v2 has none to merge.")]
    [InlineData("use_lite", 1, 3, "The reduction of sherl is 3; it must divide the width 512 of what goes into the late blocks of use_lite.")]
    [InlineData("mobilenet_v2", 1, 0, "The reduction of sherl is 0; it must divide the width 320 of what goes into the late blocks of mobilenet_v2.")]
    public void SizesThatDoNotFitAreRefused(string host, int late, int reduction, string message) => Assert.Equal(
        message, Assert.Throws<UserException>(() => new Trial(host, new SherlMethod(new SherlOptions { Late = late, Reduction = reduction }))).Message);

    [Fact]
    public void ABackboneThatCannotBeCutIsRefused()
    {
        var method = new SherlMethod(new SherlOptions());
        MethodContract.RefusesAClosedBackbone(method);
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open("use_lite");
        BackboneStream chosen = host.Backbone.Streams.Only.Select([0, 2]);
        var error = Assert.Throws<UserException>(() => method.Attach(chosen, Weights.Fresh(1), 4));
        Assert.Equal("sherl is not defined for use_lite here: it cannot be cut before its last blocks, as where layers are chosen.", error.Message);
    }

    private static long Tiered(int input, int width) => ((input + 1) * width) + (2 * (width + 1) * width);

    /// <summary>The relevance, the way up and the gate.</summary>
    private static long Merged(int width, int last) => (width + 1) + ((width + 1) * last) + 1;

    private static string[] Others() => [.. Names("relevance", "up"), "method.last_gate"];

    private static string[] Names(params string[] places) => [.. places.SelectMany(place => new[] { $"method.{place}.weight", $"method.{place}.bias" })];
}
