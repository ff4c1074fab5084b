using UniPT.Backbones;
using UniPT.Backbones.UserModels;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UserModels;

public sealed class TunedFolderTests
{
    [Theory]
    [InlineData("tokens", "unipt")]
    [InlineData("maps", "unipt")]
    [InlineData("script", "unipt")]
    [InlineData("script", "head")]
    [InlineData("tokens", "lst")]
    public void WhatIsLoadedGivesTheSameFeatures(string model, string method)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using Backbone backbone = OwnModels.Open(model);
        TunedBackbone tuned = OwnModelTests.Make(method).Attach(backbone, output: 6);
        using WeightStore store = tuned.Store;
        BackboneInput input = OwnModels.Input(model);
        tuned.train();
        tuned.Save(folder.File("adapter"));
        Assert.True(tuned.training);
        TunedBackbone other = OwnModelTests.Make(method).Attach(backbone, output: 6, seed: 2);
        using WeightStore otherStore = other.Store;
        tuned.eval();
        Assert.NotEqual(tuned.forward(input.Values).ToArray<float>(), other.forward(input.Values).ToArray<float>());

        other.Load(folder.File("adapter"));

        Assert.Equal(tuned.forward(input.Values).ToArray<float>(), other.forward(input.Values).ToArray<float>());
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors"], Directory.GetFiles(folder.File("adapter")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void TheFirstFormatIsStillRead()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using Backbone backbone = OwnModels.Open("tokens");
        TunedBackbone tuned = Attach(backbone);
        tuned.Save(folder.File("adapter"), new BackboneInput(torch.rand(2, 5, 4), [5, 3]));
        string model = folder.File("adapter/adapter_model.safetensors");
        var tensors = new Dictionary<string, Tensor>();
        using (SafetensorsFile file = SafetensorsFile.Open(model))
        {
            foreach (string name in file.Entries.Keys)
            {
                tensors.Add(name.Replace("probe.input.pixels", "probe.values"), file.Read(name).clone());
            }
        }

        tensors.Remove("probe.input.mask");
        tensors.Add("probe.lengths", TensorData.From([5, 3], 2));
        string before = FileHash.Sha256(model);
        SafetensorsWriter.Write(model, tensors);
        string config = folder.File("adapter/adapter_config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("unipt-tuned-2", "unipt-tuned-1").Replace(before, FileHash.Sha256(model)));

        Attach(backbone, seed: 2).Load(folder.File("adapter"));
    }

    [Fact]
    public void ABuiltInBackboneIsSavedWithAProbe()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using Host host = Host.Open("use_lite");
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 8 }).Attach(host.Backbone, output: 6);
        using WeightStore store = tuned.Store;
        Refused("is saved with a probe to compare when it is loaded; give an input for it", () => tuned.Save(folder.File("adapter")));

        tuned.Save(folder.File("adapter"), host.Input);
        tuned.Load(folder.File("adapter"));

        TunedBackbone inside = new LoraMethod(new LoraOptions()).Attach(host.Backbone, output: 6);
        using WeightStore insideStore = inside.Store;
        Refused("What was trained inside use_lite cannot be kept apart from it", () => inside.Save(folder.File("other"), host.Input));
    }

    [Fact]
    public void AnotherBackboneIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Saved(folder, "tokens");
        using Backbone other = OwnModels.Open("tokens", seed: 2);
        Refused("belongs to other weights than those of Sequential: it needs the fingerprint ", () => Attach(other).Load(path));
        string script = folder.File("script");
        using (Backbone first = OwnModels.Open("script"))
        {
            Attach(first).Save(script);
        }

        File.Copy(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "torchscript", "encoder.pt"), folder.File("copy.pt"));
        using (Backbone copy = ScriptBackbone.Open(folder.File("copy.pt"), OwnModels.Input("script").Values, allowPrograms: true))
        {
            Attach(copy).Load(script);
        }

        using Backbone layers = new ModuleBackbone(Module(1), OwnModels.Input("tokens").Values, "at", "bt");
        Refused("reads the hidden states a, at, bt of Sequential, this one at, bt", () => Attach(layers).Load(path));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedAndChangesNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Saved(folder, "tokens");
        using Backbone backbone = OwnModels.Open("tokens");
        TunedBackbone tuned = Attach(backbone, seed: 2);
        float[] before = tuned.forward(torch.ones(1, 5, 4)).ToArray<float>();
        Refused("gives features of the width 6; this one gives 7", () => OwnModelTests.Make("unipt").Attach(backbone, output: 7).Load(path));
        Refused("does not fit the model: it lacks", () => OwnModelTests.Make("head").Attach(backbone, output: 6).Load(path));
        Refused("does not give its probe's features again (they differ by ", () =>
            new UniPTMethod(new UniPTOptions { Width = 8, UpRelu = false }).Attach(backbone, output: 6).Load(path));

        string config = Path.Combine(path, "adapter_config.json");
        string text = File.ReadAllText(config);
        File.WriteAllText(config, text.Replace("unipt-tuned-2", "unipt-tuned-9"));
        Refused("has the format unipt-tuned-9; this version reads unipt-tuned-2", () => tuned.Load(path));
        File.WriteAllText(config, "{}");
        Refused("is not the configuration of what was trained beside a backbone: ", () => tuned.Load(path));
        File.WriteAllText(config, text);
        byte[] model = File.ReadAllBytes(Path.Combine(path, "adapter_model.safetensors"));
        model[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(path, "adapter_model.safetensors"), model);
        Refused("adapter_model.safetensors was changed after it was saved", () => tuned.Load(path));
        File.Delete(Path.Combine(path, "adapter_model.safetensors"));
        Refused("Cannot read ", () => tuned.Load(path));
        Refused("missing", () => tuned.Load(folder.File("missing")));
        Assert.Equal(before, tuned.forward(torch.ones(1, 5, 4)).ToArray<float>());
    }

    private static string Saved(TemporaryFolder folder, string model)
    {
        using Backbone backbone = OwnModels.Open(model);
        Attach(backbone).Save(folder.File("adapter"));
        return folder.File("adapter");
    }

    private static TunedBackbone Attach(Backbone backbone, long seed = 1) => OwnModelTests.Make("unipt").Attach(backbone, output: 6, seed: seed);

    private static nn.Module<Tensor, Tensor> Module(long seed)
    {
        torch.random.manual_seed(seed).Dispose();
        return nn.Sequential(("a", nn.Linear(4, 16)), ("at", nn.Tanh()), ("b", nn.Linear(16, 16)), ("bt", nn.Tanh()));
    }

    private static void Refused(string part, Action action)
    {
        var error = Assert.Throws<UserException>(action);
        Assert.True(error.Message.Contains(part, StringComparison.Ordinal), error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.EndsWith(".", error.Message);
    }
}
