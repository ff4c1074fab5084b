using UniPT.Backbones;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT's text network.</summary>
internal sealed class UniPTVseTransformerCase : IParityCase
{
    public string Name => "unipt-vse-transformer";

    public void Check(GoldenFile file) => UniPTVse.Check(file, HiddenLayout.Tokens);
}
