using UniPT.Backbones;
using UniPT.Backbones.UserModels;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Head;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

/// <summary>Frozen backbones in bfloat16, and what trains beside them in float32.</summary>
public sealed class ConvertBackboneTests
{
    private static readonly string[] Architectures = ["mobilenet_v2", "use_lite", "bert", "roberta", "clip_vit", "clip_text", "clip_vil"];

    private static readonly string[] Others =
        ["resnet", "resnet_cntk", "clip_resnet", "mdetr/encoder", "mdetr/decoder", "gru/audio", "gru/text", "lstm/audio", "lstm/text", "whisper"];

    private static readonly Dictionary<string, Func<TuningMethod>> Methods = new()
    {
        // The published weights, relu(s) / Σ relu(s), jump where the only similarity changes its sign; see LeanOptionsTests for them.
        ["unipt"] = () => new UniPTMethod(new() { Width = 16, Interaction = Interaction.Softmax }),
        ["head"] = () => new HeadMethod(new()),
        ["joined head"] = () => new HeadMethod(new() { Joined = [0, 1], Direct = new() { Enabled = true } }),
        ["lst"] = () => new LstMethod(new() { Reduction = 4 }),
        ["sherl"] = () => new SherlMethod(new()),
        ["normed sherl"] = () => new SherlMethod(new() { Projection = SherlProjection.Normed }),
    };

    public static TheoryData<string> Hosts => [.. Architectures];

    public static TheoryData<string, string> MethodsAndHosts
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string method in Methods.Keys)
            {
                // A normed sherl starts dead beside these maps, in float32 too.
                foreach (string host in Architectures.Skip(method == "normed sherl" ? 1 : 0).Concat(["t5/encoder", "t5/decoder"]))
                {
                    all.Add(method, host);
                }
            }

            foreach ((string method, string host) in new[] { "unipt", "head", "lst" }.SelectMany(method => Others.Select(host => (method, host))))
            {
                all.Add(method, host);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void HiddenStatesAreNearlyTheSameInHalfTheBytes(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open(name);
        HiddenStates exact = host.Backbone.forward(host.Input).Only;
        long weights = host.Backbone.Store.ByteCount;
        long held = TensorMemory.Current();
        host.Backbone.Store.Convert(ScalarType.BFloat16);

        // The pretrained ones are stored as float16. The others are mapped from files of float32, where they take no memory of tensors; but of
        // Clip-ViL's those that batch norms were folded into.
        Assert.Equal(weights / 2, host.Backbone.Store.ByteCount);
        if (name != "clip_vil")
        {
            Assert.Equal(name is "mobilenet_v2" or "use_lite" ? -weights / 2 : weights / 2, TensorMemory.Current() - held);
        }

        Assert.Equal(ScalarType.BFloat16, host.Backbone.Type);
        long before = TensorMemory.Current();
        HiddenStates rounded = host.Backbone.forward(host.Input).Only;

        // The mask of words alone is the input's own, that of words and cells is new.
        long mask = name == "clip_vil" ? rounded.Mask!.ByteCount() : 0;
        Assert.Equal(Bytes(rounded) + mask + (rounded.Summary?.ByteCount() ?? 0), TensorMemory.Current() - before);
        Assert.Equal(Bytes(exact) / 2, Bytes(rounded));
        Assert.All(exact.Layers.Append(exact.Pooled).Zip(rounded.Layers.Append(rounded.Pooled)), pair =>
        {
            if (pair.First is not null)
            {
                Assert.Equal(ScalarType.BFloat16, pair.Second!.dtype);
                double error = Distance(Valid(pair.First, exact.Mask), Valid(pair.Second, exact.Mask));
                Assert.InRange(error, 1e-6, 0.05);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void NothingPilesUp(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open(name);
        host.Backbone.Store.Convert(ScalarType.BFloat16);
        Run();
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 5; i++)
        {
            Run();
        }

        Assert.Equal(before, TensorCount.Now());

        void Run()
        {
            using DisposeScope step = torch.NewDisposeScope();
            host.Backbone.forward(host.Input);
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndHosts))]
    public void WhatTrainsBesideItIsFloat32AndNearlyTheSame(string method, string host)
    {
        (float[] Features, Tensor Gradients) Step(ScalarType type)
        {
            using var trial = new Trial(host, Methods[method]());
            trial.Tuned.ConvertBackbone(type);
            using DisposeScope scope = torch.NewDisposeScope();
            TunedFeatures tuned = trial.Tuned.forward(trial.Host.Input);
            Tensor features = tuned.Direct is { } direct ? tuned.Tokens.Add(direct.unsqueeze(1)) : tuned.Tokens;
            (features * torch.linspace(-1, 1, features.numel()).view(features.shape)).sum().Backward();
            Tensor[] gradients = [.. trial.Tuned.Store.Trainable.Select(pair => pair.Value.grad!)];
            Assert.All(gradients.Append(tuned.Tokens), tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
            Assert.Empty(trial.Host.Backbone.Store.Trainable);
            return (features.ToArray<float>(), torch.cat([.. gradients.Select(gradient => gradient.flatten())]).DetachFromDisposeScope());
        }

        using DisposeScope scope = torch.NewDisposeScope();
        (float[] exact, Tensor exactGradients) = Step(ScalarType.Float32);
        (float[] rounded, Tensor roundedGradients) = Step(ScalarType.BFloat16);
        double features = Distance(TensorData.From(exact), TensorData.From(rounded));
        double gradients = Distance(exactGradients, roundedGradients);
        exactGradients.Dispose();
        roundedGradients.Dispose();
        Assert.InRange(features, 1e-7, 0.1);
        Assert.InRange(gradients, 1e-7, 0.3);
    }

    [Fact]
    public void BlocksThroughWhichGradientsFlowStayAsTheyAre()
    {
        using var trial = new Trial("use_lite", new SherlMethod(new()));
        byte[] late = trial.Host.Backbone.Streams.Only.Blocks[^1].Weights.Parameters[0].ToBytes();
        trial.Tuned.ConvertBackbone(ScalarType.BFloat16);
        Assert.All(trial.Host.Backbone.Streams.Only.Blocks[^1].Weights.Parameters, weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        Assert.All(trial.Host.Backbone.Streams.Only.Blocks[0].Weights.Parameters, weight => Assert.Equal(ScalarType.BFloat16, weight.dtype));
        Assert.Equal(late, trial.Host.Backbone.Streams.Only.Blocks[^1].Weights.Parameters[0].ToBytes());
    }

    [Fact]
    public void AMethodInsideIsRefused()
    {
        using var trial = new Trial("use_lite", new LoraMethod(new()));
        var error = Assert.Throws<UserException>(() => trial.Tuned.ConvertBackbone(ScalarType.BFloat16));
        Assert.StartsWith("use_lite cannot compute in BFloat16: the method changes its hidden states", error.Message);
        trial.Tuned.ConvertBackbone(ScalarType.Float32);
    }

    [Fact]
    public void WhatWasSavedBesideBfloat16GoesBackBesideIt()
    {
        using var folder = new TemporaryFolder();
        using var trial = new Trial("use_lite", new UniPTMethod(new() { Width = 16 }));
        trial.Tuned.ConvertBackbone(ScalarType.BFloat16);
        trial.Train();
        trial.Tuned.Save(folder.FullName, trial.Host.Input);
        using var again = new Trial("use_lite", new UniPTMethod(new() { Width = 16 }), seed: 2);
        Assert.Contains("computing in BFloat16, this one computes in Float32", Assert.Throws<UserException>(() => again.Tuned.Load(folder.FullName)).Message);
        again.Tuned.ConvertBackbone(ScalarType.BFloat16);
        again.Tuned.Load(folder.FullName);
        Assert.Equal(trial.Features(), again.Features());
    }

    [Fact]
    public void AModuleOfTheUsersOwnIsNotChanged()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var module = nn.Sequential(("a", nn.Linear(4, 6)), ("b", nn.Linear(6, 6)));
        using var backbone = new ModuleBackbone(module, torch.randn(2, 3, 4), "a", "b");
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = new HeadMethod(new()).Attach(backbone, weights, 2);
        Assert.Contains("call its to(ScalarType.BFloat16)", Assert.Throws<UserException>(() => tuned.ConvertBackbone(ScalarType.BFloat16)).Message);
        module.to(ScalarType.BFloat16);
        tuned.ConvertBackbone(ScalarType.BFloat16);
        Assert.Equal(ScalarType.Float32, tuned.forward(torch.randn(2, 3, 4).to(ScalarType.BFloat16)).dtype);
    }

    private static Tensor Valid(Tensor state, Tensor? mask) =>
        mask is null || state.ndim != 3 ? state.to(ScalarType.Float32) : state.to(ScalarType.Float32) * mask.unsqueeze(-1);

    private static double Distance(Tensor expected, Tensor actual) => (expected - actual.to(ScalarType.Float32)).norm().Item() / expected.norm().Item();

    private static long Bytes(HiddenStates states) => states.Layers.Append(states.Pooled).Sum(state => state?.ByteCount() ?? 0);
}
