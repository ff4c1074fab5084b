using UniPT.Tuning.BitFit;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.BitFit;

public sealed class BitFitMethodTests
{
    [Fact]
    public void EveryBiasOfATransformerTrains()
    {
        string[] names = ["attention.qkv", "attention.out", "attention_norm", "ffn_norm", "ffn.up", "ffn.down"];
        const int First = 768 + 512 + 256 + 512 + 1536 + 512 + 512;
        const int Second = 1536 + 512 + 512 + 512 + 1536 + 512;
        MethodContract.TrainsExactly(
            "use_lite",
            new BitFitMethod(),
            First + Second + MethodContract.Linear(512),
            [.. names.Append("residual").Select(name => $"backbone.layers.0.{name}.bias"), .. names.Select(name => $"backbone.layers.1.{name}.bias")]);
    }

    /// <summary>The convolutions of this network have no biases: those of the file are its batch norms'.</summary>
    [Fact]
    public void EveryShiftOfABatchNormTrains()
    {
        string[] blocks =
        [
            "1.conv.0.1", "1.conv.2",
            .. Enumerable.Range(2, 16).SelectMany(i => new[] { $"{i}.conv.0.1", $"{i}.conv.1.1", $"{i}.conv.3" }),
        ];
        MethodContract.TrainsExactly(
            "mobilenet_v2",
            new BitFitMethod(),
            17_056 + MethodContract.Linear(1280),
            [.. blocks.Append("0.1").Append("18.1").Select(name => $"backbone.features.{name}.bias")]);
    }

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind(string host)
    {
        using (var trial = new Trial(host, new BitFitMethod()))
        {
            Assert.Equal(Trial.Frozen(host), trial.Hidden());
        }

        MethodContract.LeaksNothing(host, new BitFitMethod());
    }

    [Fact]
    public void ABackboneWithoutBiasesIsRefused() => MethodContract.RefusesAClosedBackbone(new BitFitMethod());
}
