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
}
