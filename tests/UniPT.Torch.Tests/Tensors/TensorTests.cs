namespace UniPT.Torch.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void DataGoesInAndComesOutInRowMajorOrder()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tensor = TensorData.From([1f, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal([2, 3], tensor.shape);
        Assert.Equal(3, tensor.size(-1));
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Assert.Equal(24, tensor.ByteCount());
        Assert.Equal([1f, 4, 2, 5, 3, 6], tensor.transpose(0, 1).ToArray<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Float64)]
    public void EveryTypeConvertsThereAndBack(ScalarType type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tensor = TensorData.From([0f, 1, 2, 100], 4).to(type);
        Assert.Equal(type, tensor.dtype);
        Assert.Equal(4 * type.Size(), tensor.ByteCount());
        Assert.Equal([0f, 1, 2, 100], tensor.to(ScalarType.Float32).ToArray<float>());
    }

    [Fact]
    public void EmptyTensorsWork()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor empty = TensorData.From(Array.Empty<float>(), 2, 0);
        Assert.Equal(0, empty.numel());
        Assert.Empty(empty.ToArray<float>());
    }

    [Fact]
    public void DataThatDoesNotFillTheShapeIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Throws<ArgumentException>(() => TensorData.From([1f, 2], 3));
        Assert.Throws<OverflowException>(() => TensorData.From([1f], long.MaxValue, 4));
    }

    [Fact]
    public void ReadingAsAnotherTypeIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => torch.ones(1).ToArray<long>());
    }

    [Fact]
    public void AShapeErrorCarriesLibtorchsSentenceWithoutItsStack()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => torch.ones(2, 3).mm(torch.ones(2, 3)));
        Assert.Contains("cannot be multiplied", TorchErrors.Sentence(error));
        Assert.DoesNotContain("\n", TorchErrors.Sentence(error));
    }

    [Fact]
    public void LongListsAndStringsCross()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parts = [.. Enumerable.Range(0, 500).Select(i => torch.full([1], Scalars.Of((float)i)))];
        Assert.Equal(Enumerable.Range(0, 500).Sum(), torch.cat(parts).sum().Item());
    }

    [Fact]
    public void SeedsDecideWhatIsDrawn()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(7);
        float[] first = torch.rand(8).ToArray<float>();
        TorchRuntime.ManualSeed(8);
        float[] other = torch.rand(8).ToArray<float>();
        TorchRuntime.ManualSeed(7);
        Assert.Equal(first, torch.rand(8).ToArray<float>());
        Assert.NotEqual(first, other);
    }
}
