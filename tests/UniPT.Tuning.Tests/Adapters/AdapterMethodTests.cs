using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Adapters;

public sealed class AdapterMethodTests
{
    [Theory]
    [InlineData(AdapterPlacement.Houlsby)]
    [InlineData(AdapterPlacement.Pfeiffer)]
    public void AdaptersOfATransformerTrain(AdapterPlacement placement)
    {
        string[] places = placement == AdapterPlacement.Houlsby ? ["0.output", "0.down", "1.output", "1.down"] : ["0.down", "1.down"];
        MethodContract.TrainsExactly(
            "use_lite",
            new AdapterMethod(new AdapterOptions { Placement = placement }),
            (places.Length * Count(512, 32)) + MethodContract.Linear(512),
            Names(places));
    }

    [Theory]
    [InlineData(AdapterPlacement.Houlsby)]
    [InlineData(AdapterPlacement.Pfeiffer)]
    public void EveryProjectionOfANetworkOfMapsHasOne(AdapterPlacement placement)
    {
        int[] widths = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320];
        MethodContract.TrainsExactly(
            "mobilenet_v2",
            new AdapterMethod(new AdapterOptions { Placement = placement, Reduction = 8 }),
            widths.Sum(width => Count(width, width / 8)) + MethodContract.Linear(1280),
            Names(Enumerable.Range(0, 17).Select(i => $"{i}.project")));
    }

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind(string host)
    {
        var method = new AdapterMethod(new AdapterOptions { Reduction = 8, Activation = Activation.Gelu });
        using (var trial = new Trial(host, method))
        {
            Assert.Equal(Trial.Frozen(host), trial.Hidden());
            trial.Train();
            Assert.NotEqual(Trial.Frozen(host), trial.Hidden());
        }

        MethodContract.LeaksNothing(host, method);
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Gelu)]
    public void ItIsTheFormula(Activation activation)
    {
        using var trial = new Trial("use_lite", new AdapterMethod(new AdapterOptions { Activation = activation }));
        LinearMap map = trial.Host.Backbone.Streams.Only.Blocks[0].Linears[LinearRole.Output];
        Tensor Own(string name) => trial.Tuned.Store.Parameters[$"method.blocks.0.output.adapter_{name}"];
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Own("up.weight").normal_(0, 1);
        Own("up.bias").normal_(0, 1);
        Own("down.bias").normal_(0, 1);
        Tensor input = torch.randn(3, 256);
        Tensor host = nn.functional.linear(input, map.Weight, map.Bias);
        Tensor hidden = nn.functional.linear(host, Own("down.weight"), Own("down.bias"));
        Tensor expected = host.Add(nn.functional.linear((activation == Activation.Relu ? hidden.relu() : hidden.gelu()), Own("up.weight"), Own("up.bias")));
        Assert.Equal(0, (expected - map.forward(input)).abs().max().Item(), 1e-4);
    }

    [Theory]
    [InlineData("use_lite", 5, 512)]
    [InlineData("use_lite", 0, 512)]
    [InlineData("use_lite", -2, 512)]
    [InlineData("mobilenet_v2", 16, 24)]
    public void AReductionThatDoesNotDivideTheWidthIsRefused(string host, int reduction, int width)
    {
        var error = Assert.Throws<UserException>(() => new Trial(host, new AdapterMethod(new AdapterOptions { Reduction = reduction })));
        Assert.Equal($"The reduction of adapter is {reduction}; it must divide the width {width} of what an adapter stands after.", error.Message);
    }

    [Fact]
    public void ABackboneWithoutBlocksIsRefused() => MethodContract.RefusesAClosedBackbone(new AdapterMethod(new AdapterOptions()));

    private static int Count(int width, int bottleneck) => (2 * width * bottleneck) + width + bottleneck;

    private static string[] Names(IEnumerable<string> places) =>
        [.. places.SelectMany(place => new[] { "down.weight", "down.bias", "up.weight", "up.bias" }.Select(name => $"method.blocks.{place}.adapter_{name}"))];
}
