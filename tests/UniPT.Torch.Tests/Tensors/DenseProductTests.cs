namespace UniPT.Torch.Tests.Tensors;

public sealed class DenseProductTests
{
    [Theory]
    [InlineData(new long[] { 32, 17 })]
    [InlineData(new long[] { 2, 512, 17 })]
    [InlineData(new long[] { 20, 50, 17 })]
    [InlineData(new long[] { 3, 211, 17 })]
    [InlineData(new long[] { 2, 3, 128, 17 })]
    public void ItIsTheLinearMapWhateverTheProcessor(long[] shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        TorchRuntime.ManualSeed(3);
        (Tensor input, Tensor weight, Tensor bias) = (torch.randn(shape), torch.randn(13, 17), torch.randn(13));
        foreach (Tensor? added in new[] { bias, null })
        {
            Tensor expected = nn.functional.linear(input.to(ScalarType.Float64), weight.to(ScalarType.Float64), added?.to(ScalarType.Float64));
            Tensor actual = DenseProduct.Of(input, weight, added);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(actual.is_contiguous());
            Assert.InRange((actual.to(ScalarType.Float64) - expected).abs().max().Item(), 0, 1e-5);
        }
    }

    [Fact]
    public void AColumnOfAWiderTensorIsReadWhereItStands()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor wide = torch.randn(32, 32, 20);
        Tensor input = wide.narrow(2, 2, 17);
        Tensor weight = torch.randn(39, 17).narrow(0, 13, 13);
        Tensor expected = nn.functional.linear(input.contiguous(), weight.contiguous());
        Assert.InRange((DenseProduct.Of(input, weight, null) - expected).abs().max().Item(), 0, 1e-5);
    }

    [Fact]
    public void SizesThatDoNotFitAreAnException()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Assert.ThrowsAny<Exception>(() => DenseProduct.Of(torch.randn(32, 32, 17), torch.randn(13, 16), null));
    }
}
