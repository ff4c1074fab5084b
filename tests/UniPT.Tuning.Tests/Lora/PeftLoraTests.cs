using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Lora;

public sealed class PeftLoraTests : IDisposable
{
    private const string Query = "base_model.model.bert.encoder.layer.0.attention.self.query";
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>Beside the weights, and as part of them, the updates make what the independently merged checkpoint makes.</summary>
    [Theory]
    [InlineData("bert", "bert", 4)]
    [InlineData("roberta", "roberta", 12)]
    [InlineData("clip", "clip_text", 6)]
    [InlineData("clip", "clip_vit", 6)]
    [InlineData("clip-openai", "clip_text", 4)]
    [InlineData("t5", "t5", 26)]
    public void ItRunsAsTheMergedWeightsDo(string name, string architecture, int maps)
    {
        using Backbone backbone = PeftFixture.Open(architecture);
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter(name), backbone);
        using Backbone merged = BackboneRegistry.Open(architecture, Merged(name));
        Assert.Equal(maps, tuned.Updates.Count);
        float[] expected = Features(merged.Streams[^1].Read(PeftFixture.Input(architecture)).Layers[^1]);
        using Backbone frozen = PeftFixture.Open(architecture);
        Assert.NotEqual(Features(frozen.Streams[^1].Read(PeftFixture.Input(architecture)).Layers[^1]), expected);

        Near(expected, Features(tuned.forward(PeftFixture.Input(architecture)).Tokens));
        byte[][] before = Weights(backbone);
        tuned.Updates.Merge();
        Near(expected, Features(tuned.forward(PeftFixture.Input(architecture)).Tokens));
        tuned.Updates.Unmerge();
        Assert.Equal(before, Weights(backbone));
    }

    [Fact]
    public void WhatTrainsIsTheAdaptersOwnUnderItsNames()
    {
        using Backbone backbone = PeftFixture.Open("bert");
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("bert"), backbone);
        (string name, Parameter parameter)[] trained = [.. tuned.TrainedParameters()];
        Assert.Equal(8, trained.Length);
        Assert.Contains($"{Query}.lora_A.weight", trained.Select(pair => pair.name));
        Dictionary<string, byte[]> before = trained.ToDictionary(pair => pair.name, pair => pair.parameter.ToBytes());
        using var optimizer = new AdamW([new ParameterGroup(trained, weightDecay: 0)]);
        (tuned.forward(PeftFixture.Input("bert")).Tokens * torch.linspace(-1.0, 2.0, 8)).sum().Backward();
        optimizer.Step(1e-2);
        Assert.All(trained, pair => Assert.NotEqual(before[pair.name], pair.parameter.ToBytes()));
    }

    [Fact]
    public void TheConfiguredDropoutActsInTraining()
    {
        using Backbone backbone = PeftFixture.Open("bert");
        using PeftLora tuned = PeftLora.Load(PeftFixture.Changed(_folder, "bert", config => config["lora_dropout"] = 0.5), backbone);
        float[] calm = Features(tuned.forward(PeftFixture.Input("bert")).Tokens);
        Assert.Equal(calm, Features(tuned.forward(PeftFixture.Input("bert")).Tokens));
        tuned.Store.train();
        Assert.NotEqual(calm, Features(tuned.forward(PeftFixture.Input("bert")).Tokens));
    }

    [Fact]
    public void AHeadIsGivenBackByItsName()
    {
        using Backbone backbone = PeftFixture.Open("bert");
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("bert"), backbone);
        Assert.Equal(["classifier.bias", "classifier.weight"], tuned.Heads.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Stored(PeftFixture.Model("bert"), "base_model.model.classifier.weight"), tuned.Heads["classifier.weight"].ToArray<float>());
        Assert.Equal("bert-tiny", tuned.Config.BaseModelNameOrPath);
        Assert.Empty(tuned.Elsewhere);
    }

    [Fact]
    public void AModuleThatTheBackboneHasIsPutThere()
    {
        using Backbone backbone = PeftFixture.Open("roberta");
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("roberta"), backbone);
        Assert.Empty(tuned.Heads);
        Assert.Equal(Stored(PeftFixture.Expected("roberta"), "roberta.pooler.dense.bias"), backbone.Store.Parameters["roberta.pooler.dense.bias"].ToArray<float>());
    }

    /// <summary>The pooler is no part of a block; its update goes with the others.</summary>
    [Fact]
    public void AMapOutsideTheBlocksIsUpdated()
    {
        string adapter = PeftFixture.Changed(_folder, "bert", tensors: all =>
        {
            all["base_model.model.bert.pooler.dense.lora_A.weight"] = torch.ones(4, 8);
            all["base_model.model.bert.pooler.dense.lora_B.weight"] = torch.ones(8, 4);
        });
        using Backbone backbone = PeftFixture.Open("bert");
        float[] before = backbone.Store.Parameters["pooler.dense.weight"].ToArray<float>();
        using PeftLora tuned = PeftLora.Load(adapter, backbone);
        tuned.Updates.Merge();
        Assert.Equal(before.Select(value => value + (8f / 4 * 4)), backbone.Store.Parameters["pooler.dense.weight"].ToArray<float>());
    }

    /// <summary>The output map is no part of a block and gives no feature.</summary>
    [Fact]
    public void TheScoresOfT5AreThoseOfTheMergedWeights()
    {
        using Backbone backbone = PeftFixture.Open("t5");
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("t5"), backbone);
        using Backbone merged = BackboneRegistry.Open("t5", Merged("t5"));
        Tensor decoded = torch.linspace(-1.0, 1.0, 16).view(2, 8);
        Near(Features(((T5Model)merged).Logits(decoded)), Features(((T5Model)backbone).Logits(decoded)));
    }

    /// <summary>Hugging Face's T5 with a classifier stands under <c>transformer.</c>.</summary>
    [Fact]
    public void T5UnderAHeadIsFound()
    {
        const string Head = "base_model.model.classification_head.dense.weight";
        string adapter = PeftFixture.Changed(_folder, "t5", config => config["modules_to_save"] = new JsonArray("classification_head"), all =>
        {
            foreach (string name in all.Keys.ToArray())
            {
                all.Remove(name, out Tensor? tensor);
                if (!name.Contains("lm_head"))
                {
                    all[name.Replace("base_model.model.", "base_model.model.transformer.")] = tensor!;
                }
            }

            all[Head] = torch.ones(8, 8);
        });
        using Backbone backbone = PeftFixture.Open("t5");
        using Backbone plain = PeftFixture.Open("t5");
        using PeftLora tuned = PeftLora.Load(adapter, backbone);
        using PeftLora bare = PeftLora.Load(PeftFixture.Adapter("t5"), plain);
        Assert.Equal(Features(bare.forward(PeftFixture.Input("t5")).Tokens), Features(tuned.forward(PeftFixture.Input("t5")).Tokens));
        Assert.Equal(["classification_head.dense.weight"], tuned.Heads.Keys);
    }

    /// <summary>Where the output map is the table of words it cannot be updated alone.</summary>
    [Fact]
    public void AnUpdateOfATiedOutputIsRefused()
    {
        string path = _folder.File("model.safetensors");
        using (SafetensorsFile weights = SafetensorsFile.Open(PeftFixture.Weights("t5")))
        {
            SafetensorsWriter.Write(path, weights.Entries.Keys.Where(name => name != "lm_head.weight").ToDictionary(name => name, weights.Read));
        }

        File.WriteAllText(_folder.File("config.json"), """{"model_type": "t5", "tie_word_embeddings": true, "relative_attention_max_distance": 8}""");
        using Backbone tied = BackboneRegistry.Open("t5", path);
        string message = Assert.Throws<UserException>(() => PeftLora.Load(PeftFixture.Adapter("t5"), tied)).Message;
        Assert.Contains("which takes 25 of its 26 updates: lm_head is no linear map of t5 that can be updated.", message);
    }

    [Theory]
    [InlineData("clip_text", "vision_model.encoder.layers.0.")]
    [InlineData("clip_vit", "text_model.encoder.layers.0.")]
    public void OfAnAdapterOfBothTowersTheOtherIsNamed(string architecture, string other)
    {
        using Backbone backbone = PeftFixture.Open(architecture);
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("clip"), backbone);
        Assert.Equal(6, tuned.Elsewhere.Count);
        Assert.All(tuned.Elsewhere, name => Assert.StartsWith(other, name));
    }

    [Fact]
    public void AnAdapterOfTheOtherTowerAloneIsRefused() =>
        Assert.Contains("it is of the other tower of CLIP, the first of it is transformer.resblocks.0.attn", Refusal(PeftFixture.Adapter("clip-openai"), "clip_vit"));

    /// <summary>PEFT's defaults: r and lora_alpha are 8 where nothing is said.</summary>
    [Fact]
    public void WhatAConfigurationLeavesOutIsPeftsDefault()
    {
        string adapter = PeftFixture.Changed(_folder, "bert", config: json =>
        {
            json.Clear();
            json["peft_type"] = "LORA";
            json["target_modules"] = new JsonArray("query");
        }, tensors: all =>
        {
            all.Clear();
            all[$"{Query}.lora_A.weight"] = torch.ones(8, 8);
            all[$"{Query}.lora_B.weight"] = torch.ones(8, 8);
        });
        using Backbone backbone = PeftFixture.Open("bert");
        float[] before = backbone.Streams.Only.Blocks[0].Linears[LinearRole.Query].Weight.ToArray<float>();
        using PeftLora tuned = PeftLora.Load(adapter, backbone);
        tuned.Updates.Merge();
        Assert.Equal(before.Select(value => value + 8), backbone.Streams.Only.Blocks[0].Linears[LinearRole.Query].Weight.ToArray<float>());
    }

    public static TheoryData<string, string, string> Settings => new()
    {
        { "use_dora", "true", "use_dora is set, but DoRA" },
        { "lora_bias", "true", "lora_bias is set" },
        { "layer_replication", "[[0, 2], [1, 2]]", "layer_replication is set, but layers cannot be repeated" },
        { "trainable_token_indices", "[3]", "trainable_token_indices is set" },
        { "use_what_comes_next", "true", "use_what_comes_next is set, which is not known here" },
        { "init_lora_weights", "\"pissa\"", "init_lora_weights is pissa, for which the model's own weights were changed" },
        { "init_lora_weights", "\"olora\"", "init_lora_weights is olora" },
        { "peft_type", "\"IA3\"", "peft_type is IA3; expected LORA" },
        { "r", "0", "r is 0; expected a number from 1" },
        { "r", "\"many\"", "not a configuration that PEFT writes for LoRA" },
        { "lora_dropout", "1.5", "lora_dropout is 1.5" },
        { "rank_pattern", """{"value": -1}""", "rank_pattern of value is -1" },
        { "rank_pattern", """{"(": 2}""", "the pattern ( is no regular expression" },
        { "rank_pattern", """{"(?=v)value": 2}""", "the pattern (?=v)value is no regular expression" },
        { "rank_pattern", """{"((.*)*)*x": 2, "query": 2}""", "query.lora_A.weight [4, 8], expected [2, 8], does not" },
        { "r", "8", "query.lora_A.weight [4, 8], expected [8, 8], does not have the shape" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void SettingsThatCannotBeTakenAreNamed(string key, string value, string expected) =>
        Assert.Contains(expected, Refusal(PeftFixture.Changed(_folder, "bert", json => json[key] = JsonNode.Parse(value)), "bert"));

    [Theory]
    [InlineData("base_model.model.bert.encoder.layer.0.attention.self.query.lora_magnitude_vector", "is a magnitude of DoRA")]
    [InlineData("base_model.model.bert.embeddings.word_embeddings.lora_embedding_A", "updates an embedding")]
    [InlineData("base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.bias", "is a part of an update that is not known here")]
    [InlineData("base_model.model.bert.encoder.layer.0.attention.self.query.base_layer.bias", "is a bias that was trained with LoRA")]
    [InlineData("base_model.model.bert.encoder.layer.0.output.LayerNorm.bias", "is a bias that was trained with LoRA")]
    [InlineData("base_model.model.regressor.weight", "belongs neither to LoRA nor to modules_to_save")]
    [InlineData("base_model.model.bert.classifier.weight", "is no tensor that bert can take")]
    [InlineData("bert.pooler.dense.weight", "is no name that PEFT gives")]
    [InlineData("base_model.model.bert.pooler.dense.weight", "[2, 2], expected [8, 8], does not have the shape")]
    [InlineData("base_model.model.bert.encoder.layer.7.attention.self.query.lora_A.weight", "is no linear map of bert that can be updated")]
    [InlineData("base_model.model.bert.embeddings.LayerNorm.lora_A.weight", "is no linear map of bert that can be updated")]
    [InlineData("base_model.model.bert.encoder.layer.0.attention.self.key.lora_A.weight", "has only one of lora_A and lora_B")]
    [InlineData("base_model.model.vision_model.encoder.layers.0.mlp.fc1.lora_A.weight", "is no linear map of bert that can be updated")]
    public void TensorsThatCannotBeTakenAreNamed(string tensor, string expected)
    {
        string error = Refusal(PeftFixture.Changed(_folder, "bert", tensors: all => all[tensor] = torch.ones(2, 2)), "bert");
        Assert.Contains(expected, error);
        Assert.Contains(tensor.Replace("base_model.model.", "").Replace(".base_layer", "").Replace(".lora_A.weight", ""), error);
    }

    [Theory]
    [InlineData("base_model.model.bert.encoder.layer.0.attention.self.query.weight")]
    [InlineData("base_model.model.encoder.layer.0.attention.self.query.base_layer.weight")]
    public void AMapThatIsAlsoReplacedIsRefused(string whole) => Assert.Contains(
        "bert.encoder.layer.0.attention.self.query is changed twice", Refusal(PeftFixture.Changed(_folder, "bert", tensors: all => all[whole] = torch.ones(8, 8)), "bert"));

    [Fact]
    public void AMapThatIsUpdatedUnderTwoNamesIsRefused() => Assert.Contains("is changed twice", Refusal(PeftFixture.Changed(_folder, "bert", tensors: all =>
    {
        all["base_model.model.encoder.layer.0.attention.self.query.lora_A.weight"] = torch.ones(4, 8);
        all["base_model.model.encoder.layer.0.attention.self.query.lora_B.weight"] = torch.ones(8, 4);
    }), "bert"));

    [Fact]
    public void SeveralProblemsComeTogetherWithTheirCounts()
    {
        string error = Refusal(PeftFixture.Changed(_folder, "bert", json => json["use_dora"] = true, all =>
        {
            foreach (string part in new[] { "query", "value" })
            {
                all[$"base_model.model.bert.encoder.layer.0.attention.self.{part}.lora_magnitude_vector"] = torch.ones(8);
            }
        }), "bert");
        Assert.Contains("bert, which takes 4 of its 4 updates: use_dora is set, but", error);
        Assert.Contains($"; {Query}.lora_magnitude_vector is a magnitude of DoRA, which is not known here (as 2 in all).", error);
    }

    [Theory]
    [InlineData("t5", "bert", "which takes 0 of its 26 updates: decoder.block.0.layer.0.SelfAttention.k is no linear map of bert that can be updated (as 26 in all)")]
    [InlineData("bert", "t5", "which takes 0 of its 4 updates: bert.encoder.layer.0.attention.self.query is no linear map of t5")]
    [InlineData("bert", "roberta", "which takes 0 of its 4 updates: bert.encoder.layer.0.attention.self.query is no linear map of roberta")]
    [InlineData("clip", "bert", "takes 0 of its 12 updates: text_model.encoder.layers.0.mlp.fc1 is no linear map of bert")]
    [InlineData("bert", "clip_text", "takes 0 of its 4 updates: bert.encoder.layer.0.attention.self.query is no linear map of clip_text")]
    public void AnAdapterOfAnotherModelIsRefused(string adapter, string architecture, string expected) =>
        Assert.Contains(expected, Refusal(PeftFixture.Adapter(adapter), architecture));

    [Fact]
    public void AModelOfAnotherWidthIsRefused()
    {
        using Backbone wide = SmallBackbones.Open("bert");
        string error = Assert.Throws<UserException>(() => PeftLora.Load(PeftFixture.Adapter("bert"), wide)).Message;
        Assert.Contains("takes 0 of its 4 updates", error);
        Assert.Contains($"{Query}.lora_A.weight [4, 8], expected [4, 64], does not have the shape that this backbone and the configured rank need (as 4 in all)", error);
    }

    [Fact]
    public void ABackboneOfAnotherKindIsRefused()
    {
        using Host host = Host.Open("mobilenet_v2");
        Assert.Contains("for bert, roberta, t5, clip_text and clip_vit; this backbone is mobilenet_v2", Assert.Throws<UserException>(() => PeftLora.Load(PeftFixture.Adapter("bert"), host.Backbone)).Message);
    }

    [Fact]
    public void APickleIsRefusedAndAMissingFileNamed()
    {
        string adapter = PeftFixture.Changed(_folder, "bert");
        string model = Path.Combine(adapter, "adapter_model.safetensors");
        File.Move(model, Path.Combine(adapter, "adapter_model.bin"));
        Assert.Contains("adapter_model.bin is a pickle", Refusal(adapter, "bert"));
        File.Delete(Path.Combine(adapter, "adapter_model.bin"));
        Assert.Contains(model, Refusal(adapter, "bert"));
        File.WriteAllText(Path.Combine(adapter, "adapter_config.json"), """{"format": "unipt-adapter-1", "peft_type": "lora"}""");
        Assert.Contains("is not the configuration of an adapter of Hugging Face's PEFT", Refusal(adapter, "bert"));
    }

    /// <summary>An adapter that is refused, at whatever moment, leaves a backbone that takes the next one.</summary>
    [Fact]
    public void ADamagedAdapterLeavesTheBackboneAsItWas()
    {
        using Backbone backbone = PeftFixture.Open("bert");
        string damaged = PeftFixture.Changed(_folder, "bert", tensors: all => all[$"{Query}.lora_A.weight"] = torch.full([4, 8], float.NaN));
        Assert.Contains($"{Query}.lora_A.weight has values that are infinite or no numbers", Assert.Throws<UserException>(() => PeftLora.Load(damaged, backbone)).Message);
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("bert"), backbone);
        Assert.Equal(4, tuned.Updates.Count);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        TensorCount live = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        using (Backbone backbone = PeftFixture.Open("roberta"))
        using (PeftLora tuned = PeftLora.Load(PeftFixture.Adapter("roberta"), backbone))
        {
            _ = tuned.forward(PeftFixture.Input("roberta"));
            backbone.Store.Dispose();
        }

        Assert.Equal(live, TensorCount.Now());
    }

    private static string Refusal(string adapter, string architecture)
    {
        using Backbone backbone = PeftFixture.Open(architecture);
        string message = Assert.Throws<UserException>(() => PeftLora.Load(adapter, backbone)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>The base with the tensors of the fixture's independent merge.</summary>
    private string Merged(string name)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(PeftFixture.Weights(name));
        using SafetensorsFile expected = SafetensorsFile.Open(PeftFixture.Expected(name));
        string path = _folder.File("model.safetensors");
        SafetensorsWriter.Write(path, weights.Entries.Keys.ToDictionary(key => key, key => (expected.Entries.ContainsKey(key) ? expected : weights).Read(key)));
        string config = Path.Combine(Path.GetDirectoryName(PeftFixture.Weights(name))!, "config.json");
        if (File.Exists(config))
        {
            File.Copy(config, _folder.File("config.json"));
        }

        return path;
    }

    private static float[] Stored(string path, string name)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Read(name).ToArray<float>();
    }

    private static float[] Features(Tensor tokens) => tokens.detach().ToArray<float>();

    private static byte[][] Weights(Backbone backbone) => [.. backbone.Store.Parameters.Values.Select(tensor => tensor.ToBytes())];

    private static void Near(float[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * expected.Max(Math.Abs)));
}
