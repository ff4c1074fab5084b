namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT beside CLIP's image tower.</summary>
internal sealed class UniPTClip4ClipVisionCase : IParityCase
{
    public string Name => "unipt-clip4clip-vision";

    public void Check(GoldenFile file) => UniPTClip4Clip.Check(file);
}
