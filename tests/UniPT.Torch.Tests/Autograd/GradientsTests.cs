namespace UniPT.Torch.Tests.Autograd;

public sealed class GradientsTests
{
    [Fact]
    public void ModesNestAndAreRestored()
    {
        Assert.True(Gradients.Enabled);
        using (Gradients.Off())
        {
            Assert.False(Gradients.Enabled);
            using (Gradients.On())
            {
                Assert.True(Gradients.Enabled);
            }

            Assert.False(Gradients.Enabled);
        }

        Assert.True(Gradients.Enabled);
    }

    [Fact]
    public void InferenceTensorsCannotBeRecorded()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor made;
        using (Gradients.Inference())
        {
            made = Tensor.Ones([2]);
        }

        Tensor weight = Tensor.Ones([2]);
        weight.RequiresGrad = true;
        Assert.Throws<TorchException>(() => made * weight);
    }

    [Fact]
    public void GradientsOfUnusedInputsAreNull()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor used = Tensor.From([2f], 1);
        Tensor unused = Tensor.Ones([1]);
        used.RequiresGrad = true;
        unused.RequiresGrad = true;
        Tensor?[] found = Gradients.Of([used * used], [Tensor.Ones([1])], [used, unused]);
        Assert.Equal(4, found[0]!.Item());
        Assert.Null(found[1]);
        Assert.Null(used.Grad);
    }
}
