using UniPT.Torch;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.PrefixTuning;

public sealed class PrefixMethodTests
{
    [Fact]
    public void KeysAndValuesTrain() => MethodContract.TrainsExactly(
        "use_lite",
        new PrefixMethod(new PrefixOptions { Length = 5 }),
        (5 * 2 * (256 + 512)) + MethodContract.Linear(512),
        [.. Names().Select(name => $"{name}.weight")]);

    [Fact]
    public void OrTheNetworkThatMakesThem() => MethodContract.TrainsExactly(
        "use_lite",
        new PrefixMethod(new PrefixOptions { Length = 5, Bottleneck = 8 }),
        (5 * 256) + (257 * 8) + (9 * 2 * (256 + 512)) + MethodContract.Linear(512),
        [.. Names().SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" }), "method.prefix.vectors", "method.prefix.down.weight", "method.prefix.down.bias"]);

    [Fact]
    public void TheNetworkMakesWhatTheAttentionSees()
    {
        using var trial = new Trial("use_lite", new PrefixMethod(new PrefixOptions { Length = 5, Bottleneck = 8 }));
        Tensor Own(string name) => trial.Tuned.Store.Parameters[$"method.{name}"];
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor hidden = nn.functional.linear(Own("prefix.vectors"), Own("prefix.down.weight"), Own("prefix.down.bias")).tanh();
        (Tensor keys, Tensor values) = trial.Host.Backbone.Streams.Only.Blocks[1].Layer!.Attention.Prefix!();
        Assert.Equal(nn.functional.linear(hidden, Own("blocks.1.prefix_keys.weight"), Own("blocks.1.prefix_keys.bias")).ToArray<float>(), keys.ToArray<float>());
        Assert.Equal(nn.functional.linear(hidden, Own("blocks.1.prefix_values.weight"), Own("blocks.1.prefix_values.bias")).ToArray<float>(), values.ToArray<float>());
        Assert.NotEqual(Trial.Frozen("use_lite"), trial.Hidden());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ALengthBelowOneIsRefused(int length)
    {
        var error = Assert.Throws<UserException>(() => new Trial("use_lite", new PrefixMethod(new PrefixOptions { Length = length })));
        Assert.Equal($"The length of prefix is {length}; it must be at least 1.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void NothingIsLeftBehind(int bottleneck) => MethodContract.LeaksNothing("use_lite", new PrefixMethod(new PrefixOptions { Bottleneck = bottleneck }));

    [Fact]
    public void ItIsNotDefinedForMaps()
    {
        var error = Assert.Throws<UserException>(() => new Trial("mobilenet_v2", new PrefixMethod(new PrefixOptions())));
        Assert.Equal("prefix is not defined for mobilenet_v2: none of its blocks has an attention.", error.Message);
        MethodContract.RefusesAClosedBackbone(new PrefixMethod(new PrefixOptions()));
    }

    private static string[] Names() => [.. Enumerable.Range(0, 2).SelectMany(i => new[] { $"method.blocks.{i}.prefix_keys", $"method.blocks.{i}.prefix_values" })];
}
