using UniPT.Backbones.Mdetr;

namespace UniPT.Parity.Tests.Cases;

/// <summary>MDETR's codes of positions in padded grids.</summary>
internal sealed class MdetrSineCase : IParityCase
{
    public string Name => "mdetr-sine";

    public void Check(GoldenFile file)
    {
        Tensor valid = file.Input("mask").logical_not().to(ScalarType.Float32);
        Comparison.Same(file, "output.pos", SinePositions.Of(valid, 2 * file.Config.Number("num_pos_feats")).permute(0, 3, 1, 2));
    }
}
