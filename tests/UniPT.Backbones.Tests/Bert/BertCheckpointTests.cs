using UniPT.Backbones.Bert;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Bert;

/// <summary>The forms in which checkpoints of BERT and RoBERTa are found.</summary>
public sealed class BertCheckpointTests
{
    private static readonly BertConfig Small = new()
    {
        Vocabulary = 40,
        Width = 128,
        Layers = 3,
        Heads = 2,
        FeedForward = 96,
        Positions = 20,
    };

    [Theory]
    [InlineData("bert", "")]
    [InlineData("bert", "bert.")]
    [InlineData("roberta", "")]
    [InlineData("roberta", "roberta.")]
    public void SizesComeFromTheShapesUnderAnyPrefix(string name, string prefix)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, Build, tensor => prefix + tensor);
        Backbone backbone = BackboneRegistry.Open(name, path);
        using WeightStore store = backbone.Store;
        Assert.Equal(name, backbone.Name);
        Assert.Equal([128, 128, 128, 128], backbone.Streams.Only.Widths);
        HiddenStates states = backbone.forward(new BackboneInput(TensorData.From([3L, 4, 5], 1, 3))).Only;
        Assert.Equal([1, 3, 128], ((BertEncoder)backbone).Pool(states).unsqueeze(1).expand(1, 3, 128).shape);

        Weights expected = Weights.Fresh(3);
        using WeightStore other = expected.Store;
        var direct = new BertEncoder(expected, name == "bert" ? Small : Small with { Family = BertFamily.Roberta, Epsilon = 1e-5, Padding = 1 });
        Tensors.Close(direct.forward(new BackboneInput(TensorData.From([3L, 4, 5], 1, 3))).Only.Layers[3].detach(), states.Layers[3]);
    }

    [Fact]
    public void OldNamesOfNormsHeadsOfPretrainingAndPositionsAreKnown()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(
            folder,
            Build,
            name => "bert." + name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"),
            ("cls.predictions.bias", torch.ones(40)),
            ("bert.embeddings.position_ids", torch.arange(Scalars.Of(0), Scalars.Of(20), Scalars.Of(1), dtype: ScalarType.Int64).unsqueeze(0)));
        using WeightStore store = BackboneRegistry.Open("bert", path).Store;
        Assert.Contains("bert.embeddings.LayerNorm.weight", store.Parameters.Keys);
        Assert.DoesNotContain(store.State().Keys, name => name.Contains("cls") || name.Contains("position_ids"));
    }

    [Fact]
    public void APoolerMayBeAbsent()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, Build, name => name.StartsWith("pooler") ? null : name);
        var encoder = (BertEncoder)BackboneRegistry.Open("bert", path);
        using WeightStore store = encoder.Store;
        HiddenStates states = encoder.forward(new BackboneInput(TensorData.From([3L, 4], 1, 2))).Only;
        Assert.Throws<InvalidOperationException>(() => encoder.Pool(states));
    }

    [Theory]
    [InlineData("embeddings.word_embeddings.weight")]
    [InlineData("embeddings.LayerNorm.bias")]
    [InlineData("encoder.layer.1.attention.self.key.bias")]
    [InlineData("encoder.layer.2.output.dense.weight")]
    public void AMissingTensorIsNamed(string missing) =>
        Assert.Contains($"lacks {missing}", Refusal(name => name == missing ? null : name));

    [Fact]
    public void AWrongNameIsNamed() => Assert.Contains(
        "lacks encoder.layer.0.attention.self.query.bias", Refusal(name => name.Replace("self.query.bias", "self.queries.bias")));

    [Fact]
    public void AMissingLayerLeavesLaterOnesUnexpected() =>
        Assert.Contains("unexpected", Refusal(name => name.StartsWith("encoder.layer.1.") ? null : name));

    [Theory]
    [InlineData("classifier.weight")]
    [InlineData("lm_head.bias")]
    public void AnExtraTensorIsNamed(string extra)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Contains($"unexpected 1 tensor ({extra})", Refusal(name => name, (extra, torch.ones(2))));
    }

    [Fact]
    public void AWrongShapeIsNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        string message = Refusal(name => name == "pooler.dense.bias" ? null : name, ("pooler.dense.bias", torch.ones(5)));
        Assert.Contains("pooler.dense.bias has the shape [5], the model needs [128]", message);
        const string Words = "embeddings.word_embeddings.weight";
        Assert.Contains($"{Words} has the shape [5]", Refusal(name => name == Words ? null : name, (Words, torch.ones(5))));
        Assert.Contains("multiple of 64; the checkpoint's is 65", Refusal(name => name == Words ? null : name, (Words, torch.ones(5, 65))));
    }

    /// <summary>Networks of one shape can have other numbers of heads, which only Hugging Face's file beside the weights tells.</summary>
    [Fact]
    public void TheConfigurationBesideTheWeightsTellsWhatShapesDoNot()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, Build);
        var input = new BackboneInput(TensorData.From([3L, 4, 5], 1, 3));
        WriteConfiguration(folder, """{"model_type": "bert", "num_attention_heads": 4, "layer_norm_eps": 0.1, "architectures": ["BertModel"]}""");
        Backbone backbone = BackboneRegistry.Open("bert", path);
        using WeightStore store = backbone.Store;
        Weights expected = Weights.Open(path);
        using WeightStore other = expected.Store;
        HiddenStates states = backbone.forward(input).Only;
        Tensors.Close(new BertEncoder(expected, Small with { Heads = 4, Epsilon = 0.1 }).forward(input).Only.Layers[3], states.Layers[3]);
        File.Delete(folder.File("config.json"));
        Backbone guessed = BackboneRegistry.Open("bert", path);
        using WeightStore third = guessed.Store;
        Assert.True((guessed.forward(input).Only.Layers[3] - states.Layers[3]).abs().max().Item() > 0.01);
    }

    [Theory]
    [InlineData("""{"num_attention_heads": 3}""", "num_attention_heads is 3; expected a divisor of 128")]
    [InlineData("""{"num_attention_heads": 0}""", "num_attention_heads is 0; expected a divisor of 128")]
    [InlineData("""{"num_attention_heads": 4, "model_type": "roberta"}""", "model_type is roberta; expected bert")]
    [InlineData("""{"num_attention_heads": 4, "hidden_act": "gelu_new"}""", "hidden_act is gelu_new; expected gelu")]
    [InlineData("""{"num_attention_heads": 4, "position_embedding_type": "relative_key"}""", "position_embedding_type is relative_key; expected absolute")]
    [InlineData("""{"num_attention_heads": 4, "layer_norm_eps": -1}""", "layer_norm_eps is -1; expected a number between 0 and 1")]
    [InlineData("""{"num_attention_heads": 4, "pad_token_id": 40}""", "pad_token_id is 40; expected a number from 0 to 39")]
    [InlineData("""{"num_attention_heads": 4, "hidden_dropout_prob": 1}""", "hidden_dropout_prob is 1; expected a number from 0 to 1")]
    [InlineData("""{"num_attention_heads": 4, "attention_probs_dropout_prob": -0.1}""", "attention_probs_dropout_prob is -0.1; expected a number from 0 to 1")]
    [InlineData("""{"num_attention_heads": 4, "hidden_size": 768}""", "hidden_size is 768; expected 128, as the weights' shapes have it")]
    [InlineData("""{"num_attention_heads": 4, "hidden_size": -128}""", "hidden_size is -128; expected 128")]
    [InlineData("""{"num_attention_heads": 4, "num_hidden_layers": 1000000000000}""", "num_hidden_layers is 1000000000000; expected 3")]
    [InlineData("""{"num_attention_heads": 4, "vocab_size": 0}""", "vocab_size is 0; expected 40")]
    [InlineData("""{"num_attention_heads": 4, "intermediate_size": 1}""", "intermediate_size is 1; expected 96")]
    [InlineData("""{"num_attention_heads": 4, "max_position_embeddings": 21}""", "max_position_embeddings is 21; expected 20")]
    [InlineData("""{"num_attention_heads": 4, "type_vocab_size": 3}""", "type_vocab_size is 3; expected 2")]
    [InlineData("""{"num_attention_heads": 4, "vocab_size": 1e99}""", "$.vocab_size")]
    [InlineData("""{"num_attention_heads": "four"}""", "$.num_attention_heads")]
    [InlineData("""{"model_type": "bert"}""", "num_attention_heads")]
    [InlineData("null", "is no configuration")]
    [InlineData("{", "is no configuration")]
    public void AConfigurationThatDoesNotFitIsRefused(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, Build);
        WriteConfiguration(folder, json);
        TensorCount tensors = TensorCount.Now();
        string message = Assert.Throws<UserException>(() => BackboneRegistry.Open("bert", path)).Message;
        Assert.Contains(folder.File("config.json"), message);
        Assert.Contains(expected, message);
        Assert.Equal(tensors, TensorCount.Now());
    }

    private static void WriteConfiguration(TemporaryFolder folder, string json) => File.WriteAllText(folder.File("config.json"), json);

    private static void Build(Weights weights) => _ = new BertEncoder(weights, Small);

    private static string Refusal(Func<string, string?> rename, params (string, Tensor)[] more)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, Build, rename, more);
        return Assert.Throws<UserException>(() => BackboneRegistry.Open("bert", path)).Message;
    }
}
