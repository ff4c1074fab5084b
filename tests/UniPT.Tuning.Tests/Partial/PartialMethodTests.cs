using UniPT.Tuning.Partial;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Partial;

public sealed class PartialMethodTests
{
    [Fact]
    public void TheLastLayerOfATransformerTrains() => MethodContract.TrainsExactly(
        "use_lite",
        new PartialMethod(new PartialOptions()),
        (512 * 1536) + 1536 + (512 * 512) + 512 + (2 * 2 * 512) + (2 * 512 * 1536) + 1536 + 512 + MethodContract.Linear(512),
        [.. new[] { "attention.qkv", "attention.out", "attention_norm", "ffn_norm", "ffn.up", "ffn.down" }
            .SelectMany(name => new[] { $"backbone.layers.1.{name}.weight", $"backbone.layers.1.{name}.bias" })]);

    [Fact]
    public void TheLastBlocksOfANetworkOfMapsTrainFolded() => MethodContract.TrainsExactly(
        "mobilenet_v2",
        new PartialMethod(new PartialOptions { Blocks = 2 }),
        ((160 + 1) * 960) + ((9 + 1) * 960) + ((960 + 1) * 320) + ((320 + 1) * 1280) + MethodContract.Linear(1280),
        [.. new[] { "17.conv.0.0.weight", "17.conv.0.1.bias", "17.conv.1.0.weight", "17.conv.1.1.bias", "17.conv.2.weight", "17.conv.3.bias", "18.0.weight", "18.1.bias" }
            .Select(name => $"backbone.features.{name}")]);

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind(string host)
    {
        using (var trial = new Trial(host, new PartialMethod(new PartialOptions())))
        {
            Assert.Equal(Trial.Frozen(host), trial.Hidden());
        }

        MethodContract.LeaksNothing(host, new PartialMethod(new PartialOptions()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void MoreBlocksThanThereAreAndFewerThanOneAreRefused(int blocks)
    {
        var error = Assert.Throws<UserException>(() => new Trial("use_lite", new PartialMethod(new PartialOptions { Blocks = blocks })));
        Assert.Equal($"partial trains the last {blocks} blocks of use_lite, which has 1 to 2 to train.", error.Message);
    }

    [Fact]
    public void ABackboneWithoutBlocksIsRefused() => MethodContract.RefusesAClosedBackbone(new PartialMethod(new PartialOptions()));
}
