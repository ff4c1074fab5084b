using System.Text.Json;
using UniPT.Parity.Tests.Cases;
using UniPT.Testing;
using UniPT.Torch;
using static TorchSharp.torch.optim;

namespace UniPT.Parity.Tests;

/// <summary>
/// That TorchSharp's own AdamW goes the recorded ways too: ours is there because of its memory and its safety (see
/// <see cref="NamedOptimizer"/>), not because of its numbers, and whoever trains with TorchSharp's gets the same.
/// </summary>
public sealed class TorchSharpOptimizerTests
{
    [Theory]
    [InlineData("adamw-vse")]
    [InlineData("adamw-vse-b")]
    [InlineData("adamw-mdetr")]
    [InlineData("adamw-mdetr-b")]
    public void ItsAdamWTakesTheSameSteps(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using GoldenFile file = GoldenFile.Open(Path.Combine(RepositoryPaths.Golden, $"{name}.safetensors"));
        JsonElement config = file.Config;
        var recorded = new Trajectory(file);
        bool mdetr = file.Case == "adamw-mdetr";
        Func<string, bool> second = mdetr ? AdamWMdetrCase.IsSecond : _ => false;
        (double beta1, double beta2) = Trajectory.Betas(config);
        using Optimizer optimizer = AdamW(
            [Group(recorded, name => !second(name), beta1, beta2), Group(recorded, second, beta1, beta2)],
            config.Real("lr"), beta1, beta2, config.Real("eps"), config.Real("weight_decay"));
        ILearningRateController[] groups = [.. optimizer.ParamGroups];
        recorded.Check(
            mdetr ? AdamWMdetrCase.Schedule(config) : AdamWVseCase.Schedule(config),
            config.Real(mdetr ? "clip_max_norm" : "grad_clip"),
            rate =>
            {
                (groups[0].LearningRate, groups[1].LearningRate) = (rate, rate * AdamWMdetrCase.SecondGroup);
                optimizer.step();
            });
    }

    private static TorchSharp.Modules.AdamW.ParamGroup Group(Trajectory recorded, Func<string, bool> belongs, double beta1, double beta2) =>
        new(recorded.Group(belongs, 0).Parameters.Values, beta1: beta1, beta2: beta2);
}
