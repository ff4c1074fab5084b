namespace UniPT.Torch.Tests.Autograd;

public sealed class GradientsTests
{
    [Fact]
    public void ModesNestAndAreRestored()
    {
        Assert.True(torch.is_grad_enabled());
        using (torch.no_grad())
        {
            Assert.False(torch.is_grad_enabled());
            using (torch.enable_grad())
            {
                Assert.True(torch.is_grad_enabled());
            }

            Assert.False(torch.is_grad_enabled());
        }

        Assert.True(torch.is_grad_enabled());
    }

    [Fact]
    public void InferenceTensorsCannotBeRecorded()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor made;
        using (torch.inference_mode())
        {
            made = torch.ones(2);
        }

        Tensor weight = torch.ones(2);
        weight.requires_grad = true;
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => made * weight);
    }

    [Fact]
    public void GradientsOfUnusedInputsAreNull()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor used = TensorData.From([2f], 1);
        Tensor unused = torch.ones(1);
        used.requires_grad = true;
        unused.requires_grad = true;
        Tensor?[] found = Gradients.Of([used * used], [torch.ones(1)], [used, unused]);
        Assert.Equal(4, found[0]!.Item());
        Assert.Null(found[1]);
        Assert.Null(used.grad);
    }
}
