namespace UniPT.Parity.Tests.Cases;

/// <summary>CLIP4Clip's BertAdam with a rate that falls linearly.</summary>
internal sealed class BertAdamWarmupLinearCase : IParityCase
{
    public string Name => "bertadam-warmup-linear";

    public void Check(GoldenFile file) => BertAdamTrajectory.Check(file, "bias", "LayerNorm");
}
