using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>AdamW with two groups of rates and a moving average of the parameters, as MDETR trains.</summary>
internal sealed class AdamWMdetrCase : IParityCase
{
    /// <summary>What the second group's rate is of the first one's; fixed in the reference.</summary>
    public const double SecondGroup = 0.1;

    public string Name => "adamw-mdetr";

    /// <summary>The rates fall after every so many epochs, and a rate that was set after a step acts on the next.</summary>
    public static LearningRateSchedule Schedule(JsonElement config)
    {
        if (config.Text("schedule", "step") is not ("linear_with_warmup" or "step"))
        {
            throw new ParityException($"the schedule {config.GetProperty("schedule")} is not known");
        }

        int period = config.Number("lr_drop") * config.Number("steps_per_epoch");
        long[] drops = [.. Enumerable.Range(1, config.Number("steps") / period).Select(drop => (drop * period) + 1L)];
        return new StepSchedule(config.Real("lr"), drops, 0.1);
    }

    /// <summary>The recorded stand-in for the parameters outside the side network.</summary>
    public static bool IsSecond(string name) => name.Contains("bias");

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        var recorded = new Trajectory(file);
        double decay = config.Real("weight_decay");
        (double first, double second) = Trajectory.Betas(config);
        using var optimizer = new AdamW(
            [recorded.Group(name => !IsSecond(name), decay), recorded.Group(IsSecond, decay, SecondGroup)], first, second, config.Real("eps"));
        using var average = new ExponentialMovingAverage(recorded.Parameters.ToDictionary(pair => pair.Key, Tensor (pair) => pair.Value), config.Real("ema_decay"));
        recorded.Check(Schedule(config), config.Real("clip_max_norm"), rate =>
        {
            optimizer.Step(rate);
            average.Update();
        });
        foreach ((string name, Tensor tensor) in average.State())
        {
            Comparison.Same(file, $"output.ema.{name}", tensor);
        }
    }
}
