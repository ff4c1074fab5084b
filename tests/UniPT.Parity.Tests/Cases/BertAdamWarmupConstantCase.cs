namespace UniPT.Parity.Tests.Cases;

/// <summary>CLIP4Clip's BertAdam with a constant rate after the warm-up.</summary>
internal sealed class BertAdamWarmupConstantCase : IParityCase
{
    public string Name => "bertadam-warmup-constant";

    public void Check(GoldenFile file) => BertAdamTrajectory.Check(file, "bias", "LayerNorm");
}
