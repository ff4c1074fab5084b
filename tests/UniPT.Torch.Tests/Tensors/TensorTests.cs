namespace UniPT.Torch.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void DataGoesInAndComesOutInRowMajorOrder()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor tensor = Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal(3, tensor.Size(-1));
        Assert.Equal(ScalarType.Float32, tensor.Type);
        Assert.Equal(24, tensor.ByteCount);
        Assert.Equal([1f, 4, 2, 5, 3, 6], tensor.Transpose(0, 1).ToArray<float>());
        Assert.Equal("Float32[2, 3]", tensor.ToString());
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.UInt8)]
    [InlineData(ScalarType.Float64)]
    public void EveryTypeConvertsThereAndBack(ScalarType type)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor tensor = Tensor.From([0f, 1, 2, 100], 4).To(type);
        Assert.Equal(type, tensor.Type);
        Assert.Equal(4 * type.Size(), tensor.ByteCount);
        Assert.Equal([0f, 1, 2, 100], tensor.To(ScalarType.Float32).ToArray<float>());
    }

    [Fact]
    public void EmptyTensorsWork()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor empty = Tensor.From(Array.Empty<float>(), 2, 0);
        Assert.Equal(0, empty.ElementCount);
        Assert.Empty(empty.ToArray<float>());
    }

    [Fact]
    public void DataThatDoesNotFillTheShapeIsRefused()
    {
        using TensorScope scope = TensorScope.Begin();
        Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2], 3));
        Assert.Throws<OverflowException>(() => Tensor.From([1f], long.MaxValue, 4));
    }

    [Fact]
    public void ReadingAsAnotherTypeIsRefused()
    {
        using TensorScope scope = TensorScope.Begin();
        Assert.Throws<InvalidOperationException>(() => Tensor.Ones([1]).ToArray<long>());
    }

    [Fact]
    public void AShapeErrorCarriesLibtorchsSentenceWithoutItsStack()
    {
        using TensorScope scope = TensorScope.Begin();
        var error = Assert.Throws<TorchException>(() => Tensor.Ones([2, 3]).MatMul(Tensor.Ones([2, 3])));
        Assert.Contains("cannot be multiplied", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [Fact]
    public void LongListsAndStringsCross()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor[] parts = [.. Enumerable.Range(0, 500).Select(i => Tensor.Full([1], i))];
        Assert.Equal(Enumerable.Range(0, 500).Sum(), Tensor.Cat(parts).Sum().Item());
    }

    [Fact]
    public void SeedsDecideWhatIsDrawn()
    {
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(7);
        float[] first = Tensor.Rand([8]).ToArray<float>();
        TorchRuntime.ManualSeed(8);
        float[] other = Tensor.Rand([8]).ToArray<float>();
        TorchRuntime.ManualSeed(7);
        Assert.Equal(first, Tensor.Rand([8]).ToArray<float>());
        Assert.NotEqual(first, other);
    }
}
