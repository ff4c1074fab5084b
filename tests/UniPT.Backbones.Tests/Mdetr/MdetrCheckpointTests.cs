using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Mdetr;

public sealed class MdetrCheckpointTests
{
    /// <summary>With what the published file, and UniPT's own, hold besides.</summary>
    [Fact]
    public void ACheckpointsShapesTellTheSizes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(
            folder,
            weights => new MdetrModel(weights, SmallMdetr.Config),
            more:
            [
                ("class_embed.weight", torch.zeros(7, SmallMdetr.Width)), ("bbox_embed.layers.0.bias", torch.zeros(SmallMdetr.Width)),
                ("contrastive_align_projection_image.bias", torch.zeros(3)), ("contrastive_align_projection_text.bias", torch.zeros(3)),
                ("contrastive_projection_image.bias", torch.zeros(3)), ("contrastive_projection_text.bias", torch.zeros(3)),
                ("transformer.CLS.weight", torch.zeros(1, SmallMdetr.Width)), ("transformer.side_gate_layer_encoder.bias", torch.zeros(1)),
                ("transformer.text_encoder.embeddings.position_ids", torch.zeros(1, 12)), ("backbone.0.body.bn1.num_batches_tracked", torch.zeros(1)),
            ]);
        Backbone backbone = BackboneRegistry.Open("mdetr", path);
        using WeightStore store = backbone.Store;
        Assert.Equal("mdetr", backbone.Name);
        Assert.Equal(40, backbone.Vocabulary);

        Weights expected = Weights.Fresh(3);
        using WeightStore other = expected.Store;
        var direct = new MdetrModel(expected, SmallMdetr.Config);
        Tensors.Close(direct.forward(SmallMdetr.Input())["decoder"].Layers[^1].detach(), backbone.forward(SmallMdetr.Input())["decoder"].Layers[^1]);
    }

    [Theory]
    [InlineData("query_embed.weight", "lacks query_embed.weight")]
    [InlineData("transformer.decoder.layers.1.norm3.bias", "lacks transformer.decoder.layers.1.norm3.bias")]
    [InlineData("transformer.encoder.layers.2.linear1.weight", "has the unexpected")]
    [InlineData("backbone.0.body.layer3.1.bn2.running_var", "lacks backbone.0.body.layer3.1.bn2.running_var")]
    public void AMissingTensorIsNamed(string missing, string reason)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new MdetrModel(weights, SmallMdetr.Config), name => name == missing ? null : name);
        Assert.Contains(reason, Assert.Throws<UserException>(() => BackboneRegistry.Open("mdetr", path)).Message);
    }

    [Fact]
    public void ATensorTooManyIsNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new MdetrModel(weights, SmallMdetr.Config), more: ("transformer.decoder.layers.0.norm2.weight", torch.zeros(3)));
        Assert.Contains("transformer.decoder.layers.0.norm2.weight", Assert.Throws<UserException>(() => BackboneRegistry.Open("mdetr", path)).Message);
    }

    [Fact]
    public void AWidthThatItsHeadsDoNotDivideIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new MdetrModel(weights, SmallMdetr.Config with { Width = 24, Heads = 6 }));
        Assert.Contains("its width must be a multiple of 32; the checkpoint's is 24", Assert.Throws<UserException>(() => BackboneRegistry.Open("mdetr", path)).Message);
    }

    [Fact]
    public void ItsTokenizerIsRobertas() => Assert.IsType<RobertaTokenizer>(BackboneRegistry.OpenTokenizer("mdetr", Tokenizers.Vocabularies.RobertaTiny));
}
