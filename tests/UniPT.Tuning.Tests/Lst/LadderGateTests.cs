using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Tuning.Tests.Lst;

public sealed class LadderGateTests
{
    [Theory]
    [InlineData(GateKind.None, 1, 1)]
    [InlineData(GateKind.Constant, 0.25, 0.75)]
    [InlineData(GateKind.Learnable, 0.880797, 0.119203)] // σ(1 / 0.5)
    public void ItMixesAsItSays(GateKind kind, double ofSide, double ofDown)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var gate = new LadderGate(weights, "alpha", new LstOptions { Gate = kind, GateValue = 0.25, Temperature = 0.5 });
        Assert.Equal(kind == GateKind.Learnable ? ["alpha"] : [], store.Parameters.Keys);
        weights.Fill(1);
        (Tensor side, Tensor down) = (torch.randn(2, 3), torch.randn(2, 3));
        Assert.Equal(0, (gate.Mix(side, down) - (side * Scalars.Of(ofSide)).Add(down * Scalars.Of(ofDown))).abs().max().Item(), 1e-5);
    }

    [Fact]
    public void ALearnedGateStartsInTheMiddle()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        Assert.Equal(0.5, new LadderGate(weights, "alpha", new LstOptions()).Mix(torch.ones(1), torch.zeros(1)).Item(), 1e-6);
    }
}
