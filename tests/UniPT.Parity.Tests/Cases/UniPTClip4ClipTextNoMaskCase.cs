namespace UniPT.Parity.Tests.Cases;

/// <summary>The same, padding tokens counted too.</summary>
internal sealed class UniPTClip4ClipTextNoMaskCase : IParityCase
{
    public string Name => "unipt-clip4clip-text-nomask";

    public void Check(GoldenFile file) => UniPTClip4Clip.Check(file);
}
