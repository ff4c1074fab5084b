using UniPT.Backbones.Bert;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

/// <summary>Backbones from files that are no safetensors files, and what is said of those that do not fit.</summary>
public sealed class CheckpointFormatTests
{
    private static readonly BertConfig Small = new() { Vocabulary = 40, Width = 64, Layers = 2, Heads = 1, FeedForward = 96, Positions = 20 };

    /// <summary>A folder as Hugging Face's libraries save it, in several files, with the sizes beside them.</summary>
    [Fact]
    public void AFolderInSeveralFilesIsTheNetworkOfItsConfiguration()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string whole = Checkpoints.Write(folder, weights => _ = new BertEncoder(weights, Small), name => "bert." + name);
        using SafetensorsFile file = SafetensorsFile.Open(whole);
        var parts = file.Entries.Keys.ToLookup(name => name.Contains("layer.1.") ? "model-2.safetensors" : "model-1.safetensors");
        foreach (IGrouping<string, string> part in parts)
        {
            SafetensorsWriter.Write(folder.File("hf", part.Key), part.ToDictionary(name => name, file.Read));
        }

        string map = string.Join(", ", parts.SelectMany(part => part.Select(name => $"\"{name}\": \"{part.Key}\"")));
        File.WriteAllText(folder.File("hf", "model.safetensors.index.json"), $"{{\"weight_map\": {{{map}}}}}");
        File.WriteAllText(folder.File("hf", "config.json"), """{"model_type": "bert", "num_attention_heads": 2, "hidden_size": 64}""");

        var input = new BackboneInput(TensorData.From([3L, 4, 5], 1, 3));
        Backbone split = BackboneRegistry.Open("bert", folder.File("hf"));
        using WeightStore store = split.Store;
        Weights one = Weights.Open(whole);
        using WeightStore other = one.Store;
        Tensors.Close(new BertEncoder(one / "bert", Small with { Heads = 2 }).forward(input).Only.Layers[2], split.forward(input).Only.Layers[2]);
        Assert.Equal(BackboneFingerprint.Of(whole), BackboneFingerprint.Of(folder.File("hf")));
        Assert.Equal(BackboneFingerprint.Of(whole), split.Fingerprint);
    }

    [Fact]
    public void TheSameTensorsInAFileOfPyTorchAreTheSameNetwork()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string original = Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors");
        using SafetensorsFile file = SafetensorsFile.Open(original);
        Dictionary<string, Tensor> wrapped = file.Entries.Keys.ToDictionary(name => $"module.{name}", file.Read);
        PyTorchWriter.Write(folder.File("checkpoint.pth"), new Dictionary<string, object> { ["epoch"] = 3L, ["state_dict"] = wrapped });

        Backbone backbone = BackboneRegistry.Open("mobilenet_v2", folder.File("checkpoint.pth"));
        using WeightStore store = backbone.Store;
        Backbone expected = BackboneRegistry.Open("mobilenet_v2", original);
        using WeightStore other = expected.Store;
        Assert.Equal(BackboneFingerprint.Of(original), BackboneFingerprint.Of(folder.File("checkpoint.pth")));
        Assert.Equal(expected.Fingerprint, backbone.Fingerprint);
        var picture = new BackboneInput(torch.full([1, 3, 64, 64], Scalars.Of(0.5)));
        Tensors.Close(expected.forward(picture).Only.Layers[^1], backbone.forward(picture).Only.Layers[^1]);
    }

    [Theory]
    [InlineData("bert", "clip4clip.bin", "it lacks embeddings.word_embeddings.weight and has 26 tensors", "; it looks like CLIP4Clip with UniPT as its authors publish it.")]
    [InlineData("bert", "vse.pth#model/0", "and has 55 tensors", "; it looks like VSE∞ with UniPT as its authors publish it.")]
    [InlineData("resnet", "mdetr.pth", "it lacks layer1.0.conv2.weight and has", "; it looks like MDETR with UniPT as its authors publish it.")]
    public void WhatAnotherNetworksFileLooksLikeIsSaid(string architecture, string file, string lacks, string looks)
    {
        string message = Assert.Throws<UserException>(() => BackboneRegistry.Open(architecture, Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", file))).Message;
        Assert.Contains($"{file.Split('/')[0]}", message);
        Assert.Contains($"does not fit {architecture}: it lacks ", message);
        Assert.Contains(lacks, message);
        Assert.EndsWith(looks, message);
    }

    [Fact]
    public void AnArchitectureOfThisLibraryIsNamedAsRecipesNameIt()
    {
        string mobilenet = Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors");
        Assert.EndsWith("; it looks like MobileNetV2 (mobilenet_v2).", Assert.Throws<UserException>(() => BackboneRegistry.Open("bert", mobilenet)).Message);
    }

    [Theory]
    [InlineData("BERT or RoBERTa (bert, roberta)", "bert.embeddings.word_embeddings.weight", "bert.embeddings.token_type_embeddings.weight")]
    [InlineData("RoBERTa (roberta)", "roberta.embeddings.word_embeddings.weight", "roberta.embeddings.token_type_embeddings.weight")]
    [InlineData("CLIP with a ViT by OpenAI's names (clip_vit, clip_text)", "clip.visual.class_embedding", "clip.token_embedding.weight")]
    [InlineData("CLIP by Hugging Face's names", "vision_model.embeddings.class_embedding", "text_model.final_layer_norm.weight")]
    [InlineData("a ResNet or ResNeXt by torchvision's names (resnet, resnet_cntk)", "module.layer4.0.conv1.weight", "module.layer1.0.conv1.weight")]
    [InlineData("MDETR (mdetr)", "transformer.decoder.layers.0.cross_attn_image.in_proj_weight")]
    [InlineData("GPT-2", "h.0.attn.c_attn.weight")]
    [InlineData("USE Lite (use_lite)", "layers.0.attention.qkv.weight", "layers.0.residual.weight")]
    [InlineData(null, "weight", "bias", "mylayer4.0.conv1.weight", "layer1.0.conv1.weight")]
    public void NamesTellTheNetwork(string? expected, params string[] names) => Assert.Equal(expected, CheckpointKind.Describe(names));

    [Theory]
    [MemberData(nameof(CutBackboneTests.Hosts), MemberType = typeof(CutBackboneTests))]
    public void EveryArchitectureIsRecognisedByWhatItNeeds(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = CutBackboneTests.Open(name).Backbone.Store;
        Assert.Matches($@"[( ]{name}[,)]", CheckpointKind.Describe([.. store.State().Keys]));
    }
}
