using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.NormTuning;

public sealed class LayerNormMethodTests
{
    [Fact]
    public void TheLayerNormsTrain() => MethodContract.TrainsExactly(
        "use_lite",
        new LayerNormMethod(),
        (2 * (256 + 512 + 512 + 512)) + MethodContract.Linear(512),
        [.. new[] { "0.attention_norm", "0.ffn_norm", "1.attention_norm", "1.ffn_norm" }.SelectMany(name => new[] { $"backbone.layers.{name}.weight", $"backbone.layers.{name}.bias" })]);

    [Fact]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind()
    {
        using (var trial = new Trial("use_lite", new LayerNormMethod()))
        {
            Assert.Equal(Trial.Frozen("use_lite"), trial.Hidden());
        }

        MethodContract.LeaksNothing("use_lite", new LayerNormMethod());
    }

    [Fact]
    public void ABackboneWithoutLayerNormsIsRefused()
    {
        var error = Assert.Throws<UserException>(() => new Trial("mobilenet_v2", new LayerNormMethod()));
        Assert.Equal("layernorm is not defined for mobilenet_v2: this backbone has no layer norms.", error.Message);
        MethodContract.RefusesAClosedBackbone(new LayerNormMethod());
    }
}
