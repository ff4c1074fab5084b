using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>AdamW with clipped gradients and one drop of the learning rate, as VSE∞ trains.</summary>
internal sealed class AdamWVseCase : IParityCase
{
    public string Name => "adamw-vse";

    public static LearningRateSchedule Schedule(JsonElement config) => new StepSchedule(config.Real("lr"), [config.Number("drop_at")], 0.1);

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        var recorded = new Trajectory(file);
        (double first, double second) = Trajectory.Betas(config);
        using var optimizer = new AdamW([recorded.Group(_ => true, config.Real("weight_decay"))], first, second, config.Real("eps"));
        recorded.Check(Schedule(config), config.Real("grad_clip"), optimizer.Step);
    }
}
