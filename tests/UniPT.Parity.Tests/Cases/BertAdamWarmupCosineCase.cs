namespace UniPT.Parity.Tests.Cases;

/// <summary>CLIP4Clip's BertAdam with the cosine that it was published with.</summary>
internal sealed class BertAdamWarmupCosineCase : IParityCase
{
    public string Name => "bertadam-warmup-cosine";

    public void Check(GoldenFile file) => BertAdamTrajectory.Check(file, "bias", "LayerNorm");
}
