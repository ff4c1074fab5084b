using UniPT.Backbones;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT's image network with running statistics.</summary>
internal sealed class UniPTVseCnnEvalCase : IParityCase
{
    public string Name => "unipt-vse-cnn-eval";

    public void Check(GoldenFile file) => UniPTVse.Check(file, HiddenLayout.Maps);
}
