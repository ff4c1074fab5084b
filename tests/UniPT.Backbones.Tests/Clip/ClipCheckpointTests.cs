using UniPT.Backbones.Clip;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Clip;

/// <summary>Towers out of OpenAI's files.</summary>
public sealed class ClipCheckpointTests
{
    [Fact]
    public void EachTowerReadsItsPartOfTheWholeFile()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Write(folder);
        var image = (ClipVit)BackboneRegistry.Open("clip_vit", path);
        using WeightStore first = image.Store;
        var text = (ClipText)BackboneRegistry.Open("clip_text", path);
        using WeightStore second = text.Store;
        Weights weights = Weights.Open(path);
        using WeightStore third = weights.Store;
        var clip = new ClipModel(weights);
        third.EnsureAllUsed();

        Assert.All(first.Parameters.Keys, name => Assert.StartsWith("visual.", name));
        Assert.DoesNotContain(second.Parameters.Keys, name => name.StartsWith("visual."));
        Assert.Equal(third.ParameterCount, first.ParameterCount + second.ParameterCount + 1);
        var pictures = new BackboneInput(torch.rand(1, 3, 12, 12));
        var ids = new BackboneInput(TensorData.From([38L, 5, 39], 1, 3));
        Tensors.Close(clip.Image.forward(pictures).Only.Layers[^1], image.forward(pictures).Only.Layers[^1]);
        Tensors.Close(clip.Text.forward(ids).Only.Layers[^1], text.forward(ids).Only.Layers[^1]);
    }

    [Theory]
    [InlineData("clip_vit", "visual.class_embedding")]
    [InlineData("clip_vit", "visual.transformer.resblocks.1.attn.in_proj_bias")]
    [InlineData("clip_text", "token_embedding.weight")]
    [InlineData("clip_text", "transformer.resblocks.2.mlp.c_proj.weight")]
    public void AMissingTensorIsNamed(string tower, string missing)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Write(folder, name => name == missing ? null : name);
        Assert.Contains($"lacks {missing}", Assert.Throws<UserException>(() => BackboneRegistry.Open(tower, path)).Message);
    }

    [Theory]
    [InlineData("clip_vit", "visual.attnpool.positional_embedding")]
    [InlineData("clip_text", "text_head.weight")]
    public void AnExtraTensorIsNamed(string tower, string extra)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Write(folder, null, (extra, torch.ones(2)));
        Assert.Contains($"unexpected 1 tensor ({extra})", Assert.Throws<UserException>(() => BackboneRegistry.Open(tower, path)).Message);
    }

    [Theory]
    [InlineData("visual.positional_embedding", "has the shape [11, 64], the model needs [10, 64]")]
    [InlineData("visual.proj", "has the shape [11, 64], the model needs [64, 64]")]
    public void AWrongShapeIsNamed(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Write(folder, known => known == name ? null : known, (name, torch.ones(11, 64)));
        Assert.Contains($"{name} {expected}", Assert.Throws<UserException>(() => BackboneRegistry.Open("clip_vit", path)).Message);
    }

    private static string Write(TemporaryFolder folder, Func<string, string?>? rename = null, params (string, Tensor)[] more) => Checkpoints.Write(
        folder, ClipTests.Build, rename, [("input_resolution", torch.ones(1)), ("context_length", torch.ones(1)), ("vocab_size", torch.ones(1)), .. more]);
}
