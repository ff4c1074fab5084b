using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Lora;

public sealed class MergedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>The recorded products are exact, but for those with √2 in their scale.</summary>
    [Theory]
    [InlineData("bert", 0, "bert")]
    [InlineData("roberta", 1e-6, "roberta")]
    [InlineData("clip", 0, "clip_text", "clip_vit")]
    [InlineData("clip-openai", 0, "clip_text")]
    public void TheFileIsTheIndependentlyComputedOne(string name, double tolerance, params string[] architectures)
    {
        string output = Merge(name, architectures);
        using SafetensorsFile merged = SafetensorsFile.Open(output);
        using SafetensorsFile weights = SafetensorsFile.Open(PeftFixture.Weights(name));
        using SafetensorsFile expected = SafetensorsFile.Open(PeftFixture.Expected(name));
        Assert.Equal(weights.Entries.Keys.Order(StringComparer.Ordinal), merged.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(weights.Entries.Values, entry => Assert.Equal(entry.TypeName, merged.Entries[entry.Name].TypeName));
        Assert.All(weights.Entries.Keys.Except(expected.Entries.Keys), key => Assert.Equal(weights.Read(key).ToBytes(), merged.Read(key).ToBytes()));
        Assert.All(expected.Entries.Keys, key => Assert.NotEqual(weights.Read(key).ToBytes(), merged.Read(key).ToBytes()));
        Assert.All(expected.Entries.Keys, key => Assert.Equal(0, (expected.Read(key).to(ScalarType.Float64) - merged.Read(key).to(ScalarType.Float64)).abs().max().Item(), tolerance));
        Assert.All(weights.Metadata, pair => Assert.Equal(pair.Value, merged.Metadata[pair.Key]));
        MergedWeights.Origin origin = MergedWeights.OriginOf(output);
        Assert.Equal((FileHash.Sha256(PeftFixture.Model(name)), BackboneFingerprint.Of(PeftFixture.Weights(name))), (origin.Adapter, origin.Original));
        Assert.Equal(architectures, origin.Backbones);
    }

    /// <summary>Also where a batch norm is folded into the convolutions, whose checkpoint has them apart.</summary>
    [Theory]
    [InlineData("resnet")]
    [InlineData("resnet_cntk")]
    [InlineData("bert")]
    [InlineData("clip_text")]
    public void ABackboneOfTheFileIsTheOneWithLora(string name)
    {
        (string weights, string adapter) = (Small(name, _ => torch.rand(1) * Scalars.Of(3)), _folder.File("adapter.safetensors"));
        float[] expected = [];
        Use(name, weights, adapter, fresh: true, tuned =>
        {
            expected = Hidden(tuned.Backbone, name);
            MergedWeights.Write(weights, _folder.File("merged.safetensors"), adapter, tuned.Updates);
        });
        Backbone merged = BackboneRegistry.Open(name, _folder.File("merged.safetensors"));
        Near(expected, Hidden(merged, name));
        Assert.NotEqual(expected, Hidden(BackboneRegistry.Open(name, weights), name));

        bool exact = true;
        Use(name, _folder.File("merged.safetensors"), adapter, fresh: false, tuned =>
            exact = MergedWeights.Undo(_folder.File("merged.safetensors"), _folder.File("back.safetensors"), adapter, tuned.Updates));
        using SafetensorsFile original = SafetensorsFile.Open(weights);
        using SafetensorsFile back = SafetensorsFile.Open(_folder.File("back.safetensors"));
        Assert.All(original.Entries.Keys, key => Assert.Equal(0, (original.Read(key) - back.Read(key)).abs().max().Item(), 2e-6));
        Assert.Equal(exact, original.Entries.Keys.All(key => original.Read(key).ToBytes().SequenceEqual(back.Read(key).ToBytes())));
        Assert.Equal(original.Metadata, back.Metadata);
    }

    [Fact]
    public void WhatIsExactComesBackExact()
    {
        string merged = Merge("bert", "bert");
        Load("bert", merged, "bert", updates => Assert.True(MergedWeights.Undo(merged, _folder.File("back.safetensors"), PeftFixture.Model("bert"), updates)));
        Assert.Equal(BackboneFingerprint.Of(PeftFixture.Weights("bert")), BackboneFingerprint.Of(_folder.File("back.safetensors")));
    }

    [Fact]
    public void WithTheOriginalItsBytesComeBack()
    {
        string merged = Merge("roberta", "roberta");
        MergedWeights.Restore(merged, _folder.File("back.safetensors"), PeftFixture.Model("roberta"), PeftFixture.Weights("roberta"));
        Assert.Equal(File.ReadAllBytes(PeftFixture.Weights("roberta")), File.ReadAllBytes(_folder.File("back.safetensors")));
    }

    [Fact]
    public void WhatWasReplacedComesBackFromTheOriginalOnly()
    {
        string merged = Merge("roberta", "roberta");
        Load("roberta", merged, "roberta", updates => Refused(() => MergedWeights.Undo(merged, _folder.File("back"), PeftFixture.Model("roberta"), updates), "roberta.pooler.dense.bias", "with the original weights at hand"));
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        string merged = Merge("bert", "bert");
        string other = PeftFixture.Model("roberta");
        Refused(() => MergedWeights.Restore(merged, _folder.File("back"), other, PeftFixture.Weights("bert")), merged, "another adapter's LoRA than", other);
        Refused(() => MergedWeights.Restore(merged, _folder.File("back"), PeftFixture.Model("bert"), PeftFixture.Weights("roberta")), merged, "was not made of", PeftFixture.Weights("roberta"));
        Refused(() => MergedWeights.OriginOf(PeftFixture.Weights("bert")), PeftFixture.Weights("bert"), "holds no LoRA");
        Load("bert", merged, "bert", updates =>
        {
            Refused(() => MergedWeights.Write(merged, _folder.File("twice"), PeftFixture.Model("bert"), updates), merged, "holds LoRA already");
            Refused(() => MergedWeights.Write(PeftFixture.Weights("bert"), merged, PeftFixture.Model("bert"), updates), merged, "exists already");
            Refused(() => MergedWeights.Undo(merged, merged, PeftFixture.Model("bert"), updates), merged, "exists already");
        });
        Assert.False(Path.Exists(_folder.File("back")) || Path.Exists(_folder.File("twice")));
    }

    /// <summary>Of both towers one may be merged; the other must not be taken out of it.</summary>
    [Fact]
    public void OnlyWhatWasMergedIsTakenBack()
    {
        string merged = Merge("clip", "clip_vit");
        Load("clip", merged, "clip_text", updates => Refused(() => MergedWeights.Undo(merged, _folder.File("back"), PeftFixture.Model("clip"), updates), merged, "has LoRA in clip_vit, and not in clip_text"));
        Load("clip", merged, "clip_vit", updates => Assert.True(MergedWeights.Undo(merged, _folder.File("back"), PeftFixture.Model("clip"), updates)));
    }

    /// <summary>The number of heads stands there; without it the merged network would be another one.</summary>
    [Fact]
    public void ABertsConfigurationGoesAlongAndIsNotMixedUp()
    {
        string merged = Merge("bert", "bert");
        string config = Path.Combine(Path.GetDirectoryName(merged)!, "config.json");
        Assert.Equal(File.ReadAllText(Path.Combine(Path.GetDirectoryName(PeftFixture.Weights("bert"))!, "config.json")), File.ReadAllText(config));
        Load("roberta", PeftFixture.Weights("roberta"), "roberta", updates =>
            Refused(() => MergedWeights.Write(PeftFixture.Weights("roberta"), _folder.File("out", "second.safetensors"), PeftFixture.Model("roberta"), updates), config, "is another network's"));
    }

    [Fact]
    public void ASumBeyondTheCheckpointsTypeIsRefused()
    {
        const string Module = "base_model.model.text_model.encoder.layers.0.mlp.fc1";
        string adapter = PeftFixture.Changed(_folder, "clip", tensors: all => all[$"{Module}.lora_B.weight"] = torch.full([256, 4], 1e6f));
        using Backbone backbone = PeftFixture.Open("clip_text");
        using PeftLora tuned = PeftLora.Load(adapter, backbone);
        Refused(() => MergedWeights.Write(PeftFixture.Weights("clip"), _folder.File("out"), PeftLora.FileIn(adapter), tuned.Updates), "cannot hold the update of transformer.resblocks.0.mlp.c_fc.weight", "Float16");
        Assert.False(Path.Exists(_folder.File("out")));
    }

    [Fact]
    public void AChannelThatABatchNormSilencesCannotBeMerged()
    {
        string silenced = Small("resnet", name => name == "layer1.0.bn1" ? torch.zeros(1) : torch.ones(1));
        string adapter = _folder.File("adapter.safetensors");
        Use("resnet", silenced, adapter, fresh: true, tuned =>
            Refused(() => MergedWeights.Write(silenced, _folder.File("out"), adapter, tuned.Updates), "layer1.0.conv1.weight cannot change as asked", "multiplies channels by 0"));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        TensorCount live = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Merge("clip", "clip_text", "clip_vit");
        }

        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>A small checkpoint whose batch norms, where it has any, are not the identity.</summary>
    private string Small(string name, Func<string, Tensor> gamma)
    {
        string path = _folder.File("small.safetensors");
        using SafetensorsFile file = SafetensorsFile.Open(SmallBackbones.Write(name, _folder.File("fresh.safetensors")));
        Dictionary<string, Tensor> tensors = file.Entries.Keys.ToDictionary(key => key, file.Read);
        TorchRuntime.ManualSeed(11);
        foreach (string norm in file.Entries.Keys.Where(key => key.EndsWith(".running_var", StringComparison.Ordinal)).Select(key => key[..^".running_var".Length]))
        {
            tensors[$"{norm}.weight"] = tensors[$"{norm}.weight"] * gamma(norm);
            tensors[$"{norm}.running_var"] = torch.rand(tensors[$"{norm}.running_var"].shape).Add(0.1);
        }

        SafetensorsWriter.Write(path, tensors);
        return path;
    }

    /// <summary>LoRA of this library on all maps, random or from a file that is written first.</summary>
    private static void Use(string name, string weights, string adapter, bool fresh, Action<LoraBackbone> use)
    {
        using Backbone backbone = BackboneRegistry.Open(name, weights);
        if (fresh)
        {
            using Backbone other = BackboneRegistry.Open(name, weights);
            Weights made = Torch.Weights.Fresh(1);
            using WeightStore store = made.Store;
            _ = Method().Attach(other.Streams.Only, made / "method", 4);
            TorchRuntime.ManualSeed(7);
            SafetensorsWriter.Write(adapter, store.State().ToDictionary(pair => pair.Key, pair => torch.randn(pair.Value.shape) * Scalars.Of(0.3)));
        }

        Weights saved = Torch.Weights.Open(adapter, trainable: true);
        using WeightStore opened = saved.Store;
        use(Method().Attach(backbone.Streams.Only, saved / "method", 4));

        static LoraMethod Method() => new(new LoraOptions { Rank = 3, Targets = [.. Enum.GetValues<LinearRole>()] });
    }

    private static void Load(string name, string weights, string architecture, Action<LoraUpdates> use)
    {
        using Backbone backbone = BackboneRegistry.Open(architecture, weights);
        using PeftLora tuned = PeftLora.Load(PeftFixture.Adapter(name), backbone);
        use(tuned.Updates);
    }

    private string Merge(string name, params string[] architectures)
    {
        string output = _folder.File("out", "merged.safetensors");
        Backbone[] backbones = [.. architectures.Select(architecture => BackboneRegistry.Open(architecture, PeftFixture.Weights(name)))];
        PeftLora[] tuned = [.. backbones.Select(backbone => PeftLora.Load(PeftFixture.Adapter(name), backbone))];
        MergedWeights.Write(PeftFixture.Weights(name), output, PeftFixture.Model(name), [.. tuned.Select(each => each.Updates)]);
        foreach ((Backbone backbone, PeftLora each) in backbones.Zip(tuned))
        {
            each.Dispose();
            backbone.Dispose();
        }

        return output;
    }

    private static float[] Hidden(Backbone backbone, string name)
    {
        TorchRuntime.ManualSeed(5);
        BackboneInput input = name.StartsWith("resnet", StringComparison.Ordinal) ? new(torch.rand(2, 3, 64, 32)) : new(TensorData.From([5L, 9, 7, 2, 3, 11], 2, 3), [3, 2]);
        using IDisposable unrecorded = torch.no_grad();
        return backbone.forward(input).Only.Layers[^1].ToArray<float>();
    }

    private static void Near(float[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * expected.Max(Math.Abs)));

    private static void Refused(Action action, params string[] parts)
    {
        string message = Assert.Throws<UserException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
    }
}
