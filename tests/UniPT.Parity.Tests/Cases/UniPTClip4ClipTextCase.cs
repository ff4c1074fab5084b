namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT beside CLIP's text tower.</summary>
internal sealed class UniPTClip4ClipTextCase : IParityCase
{
    public string Name => "unipt-clip4clip-text";

    public void Check(GoldenFile file) => UniPTClip4Clip.Check(file);
}
