using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Hugging Face's AdamW and linear schedule, as CLIP-ViL trains on several GPUs.</summary>
internal sealed class AdamWHuggingFaceCase : IParityCase
{
    public string Name => "adamw-hf-linear";

    public static LearningRateSchedule Schedule(JsonElement config) =>
        new BertSchedule(BertScheduleKind.WarmupLinear, config.Real("lr"), config.Real("t_total"), config.Real("warmup_ratio"));

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        var recorded = new Trajectory(file);
        (double first, double second) = Trajectory.Betas(config);
        using var optimizer = new HuggingFaceAdamW(
            recorded.Decayed(config.Real("weight_decay"), "bias", "LayerNorm.weight"), first, second, config.Real("eps"));
        recorded.Check(Schedule(config), config.Real("max_grad_norm"), optimizer.Step);
    }
}
