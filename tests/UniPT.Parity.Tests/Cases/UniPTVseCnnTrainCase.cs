using UniPT.Backbones;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT's image network with batch statistics.</summary>
internal sealed class UniPTVseCnnTrainCase : IParityCase
{
    public string Name => "unipt-vse-cnn-train";

    public void Check(GoldenFile file) => UniPTVse.Check(file, HiddenLayout.Maps);
}
