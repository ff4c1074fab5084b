namespace UniPT.Parity.Tests.Cases;

/// <summary>The hinge loss over all negatives.</summary>
internal sealed class VseLossMeanCase : IParityCase
{
    public string Name => "vse-loss-mean";

    public void Check(GoldenFile file) => VseLoss.Check(file);
}
