namespace UniPT.Parity.Tests.Cases;

/// <summary>BertAdam as CLIP-ViL has it: one group, nothing clipped inside.</summary>
internal sealed class BertAdamClipVilCase : IParityCase
{
    public string Name => "bertadam-clipvil";

    public void Check(GoldenFile file) => BertAdamTrajectory.Check(file);
}
