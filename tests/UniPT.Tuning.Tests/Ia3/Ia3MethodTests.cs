using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Ia3;

public sealed class Ia3MethodTests
{
    [Fact]
    public void ScalesOfKeysValuesAndHiddenFeaturesTrain() => MethodContract.TrainsExactly(
        "use_lite",
        new Ia3Method(),
        (2 * (256 + 512)) + (2 * 1536) + MethodContract.Linear(512),
        [.. Enumerable.Range(0, 2).SelectMany(i => new[] { "key", "value", "down" }.Select(name => $"method.blocks.{i}.{name}.scale"))]);

    [Fact]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind()
    {
        using (var trial = new Trial("use_lite", new Ia3Method()))
        {
            Assert.Equal(Trial.Frozen("use_lite"), trial.Hidden());
        }

        MethodContract.LeaksNothing("use_lite", new Ia3Method());
    }

    /// <summary>A scale is what scaled rows of keys and values, and scaled columns of the second map, would be.</summary>
    [Fact]
    public void ScalesActAsWeightsScaledByChannel()
    {
        using var scaled = new Trial("use_lite", new Ia3Method());
        using Host host = Host.Open("use_lite");
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((LinearRole role, string name) in new[] { (LinearRole.Key, "key"), (LinearRole.Value, "value"), (LinearRole.Down, "down") })
        {
            Tensor scale = scaled.Tuned.Store.Parameters[$"method.blocks.0.{name}.scale"];
            scale.uniform_(0.5, 2);
            LinearMap map = host.Backbone.Streams.Only.Blocks[0].Linears[role];
            map.ChangeWeight(weight => weight.mul_(role == LinearRole.Down ? scale : scale.unsqueeze(1)));
            Tensor bias = map.Bias!;
            Tensor own = (role == LinearRole.Down ? bias : bias * scale).clone();
            map.Extension = new OtherBias(own - bias);
        }

        Tensor expected = host.Backbone.forward(host.Input).Only.Layers[^1];
        Assert.Equal(0, (expected - scaled.Host.Backbone.forward(host.Input).Only.Layers[^1]).abs().max().Item(), 1e-3 * expected.abs().max().Item());
        Assert.NotEqual(Trial.Frozen("use_lite"), scaled.Hidden());
    }

    [Fact]
    public void ItIsNotDefinedForMaps()
    {
        var error = Assert.Throws<UserException>(() => new Trial("mobilenet_v2", new Ia3Method()));
        Assert.Equal("ia3 is not defined for mobilenet_v2 with the linear maps [key, value]: no block has any of them.", error.Message);
        MethodContract.RefusesAClosedBackbone(new Ia3Method());
    }

    private sealed class OtherBias(Tensor difference) : LinearExtension
    {
        public override Tensor After(Tensor input, Tensor output) => output.Add(difference);
    }
}
