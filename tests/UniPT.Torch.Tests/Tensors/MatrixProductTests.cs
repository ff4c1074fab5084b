namespace UniPT.Torch.Tests.Tensors;

public sealed class MatrixProductTests
{
    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 }, new long[] { 2, 4 })]
    [InlineData(new long[] { 3 }, new long[] { 3 }, new long[0])]
    [InlineData(new long[] { 3 }, new long[] { 3, 4 }, new long[] { 4 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 3 }, new long[] { 2 })]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 3, 4 }, new long[] { 5, 2, 4 })]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 3 }, new long[] { 5, 2 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 5, 3, 4 }, new long[] { 5, 2, 4 })]
    [InlineData(new long[] { 7, 1, 2, 3 }, new long[] { 5, 3, 4 }, new long[] { 7, 5, 2, 4 })]
    public void ShapesBroadcastAsMatmulsDo(long[] left, long[] right, long[] expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        (Tensor a, Tensor b) = (torch.randn(left), torch.randn(right));
        Tensor found = a.MatMul(b);
        Assert.Equal(expected, found.shape);
        Assert.True(found.allclose(torch.matmul(a, b), rtol: 1e-5, atol: 1e-5));
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 4 })]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 4, 3, 2 })]
    [InlineData(new long[0], new long[] { 3 })]
    public void ShapesThatDoNotFitAreAnExceptionAndNotTheEndOfTheProcess(long[] left, long[] right)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => torch.ones(left).MatMul(torch.ones(right)));
        Assert.Contains($"[{string.Join(", ", left)}] and [{string.Join(", ", right)}]", error.Message);
    }

    [Fact]
    public void AddingABatchOfProductsAddsThemToTheInput()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        (Tensor input, Tensor left, Tensor right) = (torch.randn(2, 1, 4), torch.randn(2, 3, 5), torch.randn(2, 5, 4));
        Tensor expected = input.Add(left.bmm(right) * Scalars.Of(0.5));
        Assert.True(MatrixProduct.AddBatched(input, left, right, 0.5).allclose(expected, rtol: 1e-5, atol: 1e-5));
    }
}
