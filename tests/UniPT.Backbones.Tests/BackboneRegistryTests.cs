using UniPT.Backbones.Bert;
using UniPT.Backbones.MobileNet;
using UniPT.Backbones.UseLite;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class BackboneRegistryTests
{
    private static readonly string Pictures = Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors");
    private static readonly string Sentences = Path.Combine(RepositoryPaths.Models, "use_lite.safetensors");

    [Fact]
    public void NamesOpenTheirArchitectures()
    {
        Backbone pictures = BackboneRegistry.Open("mobilenet_v2", Pictures);
        using WeightStore first = pictures.Store;
        Backbone sentences = BackboneRegistry.Open("use_lite", Sentences, trainable: true);
        using WeightStore second = sentences.Store;
        Assert.IsType<MobileNetV2>(pictures);
        Assert.IsType<UseLiteEncoder>(sentences);
        Assert.Empty(first.Trainable);
        Assert.Equal(29, second.Trainable.Count());
        Assert.Contains("mobilenet_v2", BackboneRegistry.Names(BackboneStream.Image));
        Assert.Contains("use_lite", BackboneRegistry.Names(BackboneStream.Text));
    }

    [Fact]
    public void AnUnknownNameListsTheKnownOnes()
    {
        var error = Assert.Throws<UserException>(() => BackboneRegistry.Open("resnet9000", Pictures));
        Assert.Equal("There is no backbone resnet9000; known are bert, clip_resnet, clip_text, clip_vil, clip_vit, gru, lstm, mdetr, mobilenet_v2, regions, resnet, resnet_cntk, roberta, t5, use_lite, whisper.", error.Message);
    }

    [Fact]
    public void AnUnknownStreamListsTheKnownOnes() => Assert.Equal(
        "No backbone has a stream sound; there are audio, decoder, encoder, image, joint, text.", Assert.Throws<UserException>(() => BackboneRegistry.Names("sound")).Message);

    [Fact]
    public void ANameIsRegisteredOnce()
    {
        var error = Assert.Throws<UserException>(() => BackboneRegistry.Register(BertEncoder.Roberta));
        Assert.Equal("The backbone roberta is registered already; give the other one another name.", error.Message);
    }

    [Theory]
    [InlineData("mobilenet_v2", "features.0.0.weight", "embeddings.weight")]
    [InlineData("use_lite", "embeddings.weight", "features.0.0.weight")]
    public void AnotherNetworksWeightsAreRefused(string name, string missing, string unexpected)
    {
        TensorCount tensors = TensorCount.Now();
        string file = name == "use_lite" ? Pictures : Sentences;
        var error = Assert.Throws<UserException>(() => BackboneRegistry.Open(name, file));
        Assert.Contains(file, error.Message);
        Assert.Contains($"lacks {missing}", error.Message);
        Assert.Contains(unexpected, error.Message);
        Assert.Equal(tensors, TensorCount.Now());
    }

    [Fact]
    public void ATensorTooManyIsRefused()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile original = SafetensorsFile.Open(Sentences);
        Dictionary<string, Tensor> state = original.Entries.Keys.ToDictionary(name => name, original.Read);
        state.Add("surplus.weight", torch.ones(2));
        SafetensorsWriter.Write(folder.File("more.safetensors"), state);
        var error = Assert.Throws<UserException>(() => BackboneRegistry.Open("use_lite", folder.File("more.safetensors")));
        Assert.Contains("surplus.weight", error.Message);
    }
}
