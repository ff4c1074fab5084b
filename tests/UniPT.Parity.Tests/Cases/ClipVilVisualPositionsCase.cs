using UniPT.Backbones.ClipVil;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The cells of a map with their positions.</summary>
internal sealed class ClipVilVisualPositionsCase : IParityCase
{
    public string Name => "clipvil-visual-pos";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights => new Dictionary<string, Tensor>
    {
        ["tokens"] = new GridPositions(weights, file.Config.Number("pos_num"), file.Config.Number("C")).forward(file.Input("feats")),
    });
}
