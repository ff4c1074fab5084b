using UniPT.Backbones;
using UniPT.Backbones.Clip;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

public sealed class TrainingModeTests
{
    public static TheoryData<string, bool> Methods => new() { { "lora", true }, { "full", true }, { "head", false }, { "unipt", false } };

    /// <summary>A backbone's dropout belongs to training it, or through it; one that is only read gives the same every time.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void TheBackbonesDropoutActsWhereTheMethodChangesItsStates(string method, bool acts)
    {
        using var trial = new Trial("bert", method switch
        {
            "lora" => new LoraMethod(new LoraOptions()),
            "full" => new FullMethod(new FullOptions()),
            "head" => new HeadMethod(new HeadOptions()),
            _ => (TuningMethod)new UniPTMethod(new UniPTOptions { Width = 8 }),
        });
        float[] calm = trial.Hidden();
        trial.Tuned.train();
        Assert.Equal(acts, !calm.AsSpan().SequenceEqual(trial.Hidden()));
        trial.Tuned.eval();
        Assert.Equal(calm, trial.Hidden());
    }

    /// <summary>As the published code of every system leaves its frozen backbones.</summary>
    [Fact]
    public void AFrozenBackboneFollowsWhereItWasAskedTo()
    {
        using var trial = new Trial("bert", new UniPTMethod(new UniPTOptions { Width = 8 }));
        trial.Tuned.Backbone.Store.FollowsTraining = true;
        float[] calm = trial.Hidden();
        trial.Tuned.train();
        Assert.NotEqual(calm, trial.Hidden());
        trial.Tuned.eval();
        Assert.Equal(calm, trial.Hidden());
    }

    /// <summary>Clip-ViL's published code leaves the frozen image tower in training mode; here that is an option.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StatisticsRunInTrainingWhereTheBackboneSaysSo(bool run)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1, trainable: false);
        using WeightStore store = weights.Store;
        var backbone = new ClipResNet(weights, new ClipResNetConfig { Blocks = [1, 1, 1, 1], Width = 4, Heads = 2, Output = 6, Resolution = 32, BatchStatistics = run });
        using TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 8 }).Attach(backbone.Streams.Only, 6);
        var input = new BackboneInput(torch.rand(3, 3, 64, 64));
        float[] before = store.Buffers["visual.bn1.running_mean"].ToArray<float>();
        tuned.train();
        tuned.forward(input);
        Assert.Equal(run, !before.SequenceEqual(store.Buffers["visual.bn1.running_mean"].ToArray<float>()));
        float[] moved = store.Buffers["visual.bn1.running_mean"].ToArray<float>();
        tuned.eval();
        tuned.forward(input);
        Assert.Equal(moved, store.Buffers["visual.bn1.running_mean"].ToArray<float>());
        if (run)
        {
            using var folder = new TemporaryFolder();
            Assert.Contains("the statistics of its batch norms moved with it", Assert.Throws<UserException>(() => tuned.Save(folder.FullName, input)).Message);
        }
    }

    /// <summary>Of a tower that pools pictures of one size only.</summary>
    [Fact]
    public void AnAnchorThatIsNotThereIsNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var trial = new Trial("clip_resnet", new UniPTMethod(new UniPTOptions { Width = 8, Anchor = AnchorSource.Pooled, Residual = MergeResidual.None }));
        var error = Assert.Throws<UserException>(() => trial.Tuned.forward(trial.Host.Input));
        Assert.Equal("This form of unipt adds to the pooled output of clip_resnet, which it gives for inputs of one size only, and not for this one.", error.Message);
        Assert.Equal([2, 1, Trial.Output], trial.Tuned.forward(new BackboneInput(torch.rand(2, 3, 64, 64))).Tokens.shape);
    }
}
