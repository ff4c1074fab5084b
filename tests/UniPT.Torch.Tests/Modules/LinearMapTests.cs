using UniPT.Testing;

namespace UniPT.Torch.Tests.Modules;

public sealed class LinearMapTests
{
    [Fact]
    public void AnExtensionSeesWhatGoesInAndWhatComesOut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights, 3, 3) { Extension = new DoubledPlusInput() };
        Tensor input = torch.randn(2, 3);

        float[] actual = linear.forward(input).ToArray<float>();

        Tensor doubled = input * Scalars.Of(2);
        Assert.Equal(nn.functional.linear(doubled, linear.Weight, linear.Bias).Add(doubled).ToArray<float>(), actual);
    }

    [Fact]
    public void APartIsExtendedAloneAndSharesTheWeights()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var whole = new Linear(weights, 4, 6);
        Linear part = whole.Part(2, 3);
        Tensor input = torch.randn(2, 4);
        float[] before = whole.forward(input).ToArray<float>();

        part.Extension = new Zeroed();

        Assert.Equal(before, whole.forward(input).ToArray<float>());
        Assert.All(part.forward(input).ToArray<float>(), value => Assert.Equal(0, value));
        Assert.Equal(2, store.Parameters.Count);
        Assert.Equal((4, 3), (part.Input, part.Output));
    }

    [Fact]
    public void AWeightInAFileIsChangedInMemoryOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("weights.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["weight"] = torch.ones(4, 2) });
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        var whole = new Linear(weights, 2, 4, bias: false);

        whole.Part(1, 2).ChangeWeight(weight => weight.mul_(Scalars.Of(3)));

        Assert.Equal([2f, 6, 6, 2], whole.forward(torch.ones(2)).ToArray<float>());
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(8, file.Read("weight").sum().Item());
    }

    private sealed class DoubledPlusInput : LinearExtension
    {
        public override Tensor Before(Tensor input) => input * Scalars.Of(2);

        public override Tensor After(Tensor input, Tensor output) => output.Add(input);
    }

    private sealed class Zeroed : LinearExtension
    {
        public override Tensor After(Tensor input, Tensor output) => output * Scalars.Of(0);
    }
}
