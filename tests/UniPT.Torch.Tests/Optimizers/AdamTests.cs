namespace UniPT.Torch.Tests.Optimizers;

public sealed class AdamTests
{
    /// <summary>Ours is there because of its memory and its safety, not because of its numbers; decay included.</summary>
    [Fact]
    public void ItTakesTheStepsOfTorchSharps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter ours = new(TensorData.From([1f, -2, 0.5f], 3));
        Parameter theirs = new(TensorData.From([1f, -2, 0.5f], 3));
        using var optimizer = new Adam([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = ours }, WeightDecay: 0.3)], 0.8, 0.95, 1e-4);
        using var reference = optim.Adam([theirs], 0.05, 0.8, 0.95, 1e-4, 0.3);
        for (int step = 0; step < 20; step++)
        {
            ours.grad = TensorData.From([0.1f * step, -1, step % 3], 3);
            theirs.grad = TensorData.From([0.1f * step, -1, step % 3], 3);
            optimizer.Step(0.05);
            reference.step();
            Assert.Equal(theirs.ToArray<float>(), ours.ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        }
    }

    /// <summary>g = 0.2 + 0.5·2 = 1.2: as the first step's m̂/√v̂ is g/|g|, only ε tells how large it was.</summary>
    [Fact]
    public void DecayIsPartOfTheGradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([2f], 1));
        using var optimizer = new Adam([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = weight }, WeightDecay: 0.5)], epsilon: 0.3);
        weight.grad = TensorData.From([0.2f], 1);
        optimizer.Step(0.1);
        Assert.Equal(2 - (0.1 * 1.2 / (1.2 + 0.3)), weight.Item(), 1e-6);
        Assert.Equal(0.2f, weight.grad.Item());
    }

    /// <summary>Any optimizer takes at most that much of each gradient, as BertAdam was published with.</summary>
    [Fact]
    public void OneTensorsGradientIsClippedOnItsOwn()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(torch.zeros(2));
        using var optimizer = new AdamW([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = weight })]) { MaxTensorNorm = 0.5 };
        weight.grad = TensorData.From([3f, 4], 2);
        optimizer.Step(0.1);
        Assert.Equal([0.03f, 0.04f], optimizer.State()["w.exp_avg"].ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([3f, 4], weight.grad.ToArray<float>());
    }
}
