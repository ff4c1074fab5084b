namespace UniPT.Parity.Tests.Cases;

/// <summary>The hinge loss with the hardest negatives.</summary>
internal sealed class VseLossMaxCase : IParityCase
{
    public string Name => "vse-loss-max";

    public void Check(GoldenFile file) => VseLoss.Check(file);
}
