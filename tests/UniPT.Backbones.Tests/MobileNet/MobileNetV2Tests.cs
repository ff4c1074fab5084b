using UniPT.Backbones.MobileNet;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.MobileNet;

public sealed class MobileNetV2Tests
{
    private static readonly string File = Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors");

    [Theory]
    [InlineData(1, 32, 32)]
    [InlineData(2, 64, 96)]
    [InlineData(1, 160, 32)]
    public void EverySizeOfWholeCoarseCellsGivesMapsAtFourStrides(int batch, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        HiddenStates states = backbone.forward(new BackboneInput(torch.rand(batch, 3, height, width))).Only;
        int[] strides = [4, 8, 16, 32];
        Assert.Equal(
            strides.Select((stride, i) => new long[] { batch, backbone.Streams.Only.Widths[i], height / stride, width / stride }),
            states.Layers.Select(layer => layer.shape));
        Assert.Equal(strides.Select(stride => $"stride {stride}"), backbone.Streams.Only.LayerNames);
        Assert.Null(states.Mask);
    }

    [Theory]
    [InlineData(1, 3, 48, 64)]
    [InlineData(1, 3, 64, 65)]
    [InlineData(1, 1, 64, 64)]
    [InlineData(1, 3, 0, 32)]
    public void OtherSizesAreRefused(long batch, long channels, long height, long width)
    {
        long[] shape = [batch, channels, height, width];
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        var error = Assert.Throws<UserException>(() => backbone.forward(new BackboneInput(torch.zeros(shape))));
        Assert.Contains("multiples of 32", error.Message);
        Assert.Contains($"[{string.Join(", ", shape)}]", error.Message);
    }

    [Fact]
    public void FoldingChangesNothingAndTheStoreHoldsWhatIsUsed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore frozen = Open(out MobileNetV2 folded);
        using WeightStore trained = Open(out MobileNetV2 plain, trainable: true);
        var input = new BackboneInput(torch.rand(2, 3, 64, 64));
        IReadOnlyList<Tensor> expected = plain.forward(input).Only.Layers;
        IReadOnlyList<Tensor> actual = folded.forward(input).Only.Layers;
        Assert.All(Enumerable.Range(0, 4), i => Tensors.Close(expected[i], actual[i]));
        Assert.Equal(trained.Parameters.Keys, frozen.Parameters.Keys);
        Assert.Empty(frozen.Trainable);
        Assert.All(actual, layer => Assert.False(layer.requires_grad));
        Assert.Equal(2_257_984, trained.State().Values.Sum(tensor => tensor.numel()));
    }

    /// <summary>Training keeps the stored statistics, and the gradient is what differences of the loss say.</summary>
    [Theory]
    [InlineData("features.0.0.weight")]
    [InlineData("features.2.conv.1.0.weight")]
    [InlineData("features.5.conv.1.1.weight")]
    [InlineData("features.18.1.bias")]
    public void GradientsFlowThroughTheTrainableNetwork(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(3);
        using WeightStore store = Open(out MobileNetV2 backbone, trainable: true);
        store.train(true);
        var input = new BackboneInput(torch.rand(2, 3, 32, 32));
        double[] statistics = Sums(store.Buffers.Values);
        Loss().Backward();
        Assert.All(store.Parameters.Values, parameter => Assert.NotNull(parameter.grad));
        Assert.Equal(statistics, Sums(store.Buffers.Values));

        Tensor parameter = store.Parameters[name];
        Tensor gradient = parameter.grad!;
        double norm = gradient.norm().Item();
        using IDisposable unrecorded = torch.no_grad();
        double step = 1e-3 * parameter.norm().Item() / norm;
        parameter.add_(gradient, Scalars.Of(step));
        double up = Loss().Item();
        parameter.add_(gradient, Scalars.Of(-2 * step));
        double down = Loss().Item();
        Assert.Equal(1, (up - down) / (2 * step * norm * norm), 0.03);

        Tensor Loss() => backbone.forward(input).Only.Layers.Select(layer => layer.pow(Scalars.Of(2)).mean()).Aggregate((sum, term) => sum.Add(term));
    }

    /// <summary>Folded into a convolution, the batch norm's shift has the gradient that it has by itself.</summary>
    [Fact]
    public void TheFoldedBiasTrainsAsTheShift()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore folded = Open(out MobileNetV2 frozen);
        using WeightStore open = Open(out MobileNetV2 plain, trainable: true);
        string[] shifts = [.. folded.Parameters.Keys.Where(name => name.EndsWith(".bias"))];
        folded.Unfreeze(shifts);
        var input = new BackboneInput(torch.rand(2, 3, 64, 64));
        foreach (MobileNetV2 backbone in new[] { frozen, plain })
        {
            backbone.forward(input).Only.Layers.Select(layer => layer.pow(Scalars.Of(2)).mean()).Aggregate((sum, term) => sum.Add(term)).Backward();
        }

        Assert.Equal(52, shifts.Length);
        Assert.Equal(shifts, folded.Trainable.Select(pair => pair.Key));
        Assert.All(shifts, name => Tensors.Close(open.Parameters[name].grad!, folded.Parameters[name].grad!, 1e-3));
    }

    [Fact]
    public void EveryBlockOpensItsPointwiseConvolutions()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        Assert.Equal(Enumerable.Range(1, 18).Select(i => $"features.{i}"), backbone.Streams.Only.Blocks.Select(block => block.Name));
        Assert.Equal([LinearRole.Project], backbone.Streams.Only.Blocks[0].Linears.Keys);
        Assert.Equal([LinearRole.Expand], backbone.Streams.Only.Blocks[^1].Linears.Keys);
        Assert.All(backbone.Streams.Only.Blocks.Skip(1).SkipLast(1), block => Assert.Equal(2, block.Linears.Count));
        Assert.All(backbone.Streams.Only.Blocks.SelectMany(block => block.Linears.Values), map =>
            Assert.Equal([map.Output, map.Input, 1, 1], map.Weight.shape));
    }

    /// <summary>What is folded into a kernel does not train by itself.</summary>
    [Fact]
    public void ABlockTrainsItsFoldedKernelsAndShifts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        backbone.Streams.Only.Blocks[1].Weights.Unfreeze();
        backbone.forward(new BackboneInput(torch.rand(2, 3, 32, 32))).Only.Layers[0].pow(Scalars.Of(2)).mean().Backward();
        Assert.Equal(
            ["conv.0.0.weight", "conv.0.1.bias", "conv.1.0.weight", "conv.1.1.bias", "conv.2.weight", "conv.3.bias"],
            store.Trainable.Select(pair => pair.Key["features.2.".Length..]));
        Assert.All(store.Trainable, pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
        Assert.Equal([96, 1, 3, 3], store.Parameters["features.2.conv.1.0.weight"].grad!.shape);
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        var input = new BackboneInput(torch.rand(1, 3, 32, 32));
        Leaks.None(() => backbone.forward(input));
    }

    [Fact]
    public void RecordedForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone, trainable: true);
        var input = new BackboneInput(torch.rand(1, 3, 32, 32));
        Leaks.None(() => backbone.forward(input));
    }

    /// <summary>
    /// The most that must be there at once is the widest layer's output and what it is made of and made into; the
    /// picture itself stays with its owner and is rearranged once.
    /// </summary>
    [Fact]
    public void AFrozenForwardHoldsNoMoreThanTheWidestLayerNeeds()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out MobileNetV2 backbone);
        var input = new BackboneInput(torch.rand(1, 3, 224, 224));
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        backbone.forward(input);
        const long Cells = 112 * 112;
        long widest = ((16 + 96) * Cells) + (96 * Cells / 4);
        Assert.InRange(TensorMemory.Peak() - before, 4 * widest, 4.2 * widest);
    }

    private static WeightStore Open(out MobileNetV2 backbone, bool trainable = false)
    {
        Weights weights = Weights.Open(File, trainable);
        backbone = new MobileNetV2(weights);
        return weights.Store;
    }

    private static double[] Sums(IEnumerable<Tensor> tensors) => [.. tensors.Select(tensor => tensor.sum().Item())];
}
