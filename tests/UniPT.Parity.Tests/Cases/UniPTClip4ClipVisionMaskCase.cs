namespace UniPT.Parity.Tests.Cases;

/// <summary>The same with a mask that leaves one example no token.</summary>
internal sealed class UniPTClip4ClipVisionMaskCase : IParityCase
{
    public string Name => "unipt-clip4clip-vision-mask";

    public void Check(GoldenFile file) => UniPTClip4Clip.Check(file);
}
