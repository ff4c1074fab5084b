namespace UniPT.Torch.Tests.Optimizers;

public sealed class HuggingFaceAdamWTests
{
    /// <summary>Where ε counts, it differs from PyTorch's: the uncorrected root is 0.0316 of the corrected one at the first step.</summary>
    [Fact]
    public void EpsilonIsAddedToTheUncorrectedRootAndTheDecayComesLast()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([1f], 1));
        using var optimizer = new HuggingFaceAdamW([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = weight }, WeightDecay: 0.5)], epsilon: 0.1);
        weight.grad = TensorData.From([2f], 1);
        optimizer.Step(0.1);
        double root = Math.Sqrt(0.001);
        double moved = 1 - (0.1 * root * 2 / ((root * 2) + 0.1));
        Assert.Equal(moved * (1 - 0.05), weight.Item(), 1e-6);
    }
}
