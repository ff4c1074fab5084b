using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>BertAdam as a file's config describes it.</summary>
internal static class BertAdamTrajectory
{
    /// <param name="file">The recorded steps.</param>
    /// <param name="exempt">What stands in the names of parameters that are not decayed.</param>
    public static void Check(GoldenFile file, params string[] exempt)
    {
        JsonElement config = file.Config;
        var recorded = new Trajectory(file);
        string kind = config.Text("schedule", "");
        var schedule = new BertSchedule(
            kind switch
            {
                "warmup_linear" => BertScheduleKind.WarmupLinear,
                "warmup_constant" => BertScheduleKind.WarmupConstant,
                "warmup_cosine" => BertScheduleKind.WarmupCosine,
                _ => throw new ParityException($"{file.Path}: the schedule {kind} is not known"),
            },
            config.Real("lr"), config.Real("t_total"), config.Real("warmup"));
        using var optimizer = new BertAdam(
            recorded.Decayed(config.Real("weight_decay"), exempt), config.Real("b1"), config.Real("b2"), config.Real("e"))
        {
            MaxTensorNorm = config.Real("max_grad_norm", 0),
        };

        // Each parameter's own count of steps says its rate, whatever step it is given.
        recorded.Check(schedule, 0, _ => optimizer.Step(schedule, long.MaxValue));
    }
}
