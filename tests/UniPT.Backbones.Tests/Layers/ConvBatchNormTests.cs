using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class ConvBatchNormTests
{
    /// <summary>
    /// Left to oneDNN as a convolution with stride 2, backward ends the process: 8 channels, 3 maps of 16×8 cells in channels-last order,
    /// on two threads of a processor with AVX-512.
    /// </summary>
    [Fact]
    public void KernelOfOneCellWithAStrideSeesEverySecondCell()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(4);
        using WeightStore store = weights.Store;
        var convolution = new ConvBatchNorm(weights / "conv", weights / "bn", new ConvShape(8, 16, Stride: 2), 0);
        Tensor kernels = store.Parameters["conv.weight"];
        Tensor maps = torch.randn(3, 8, 16, 8).ChannelsLast().requires_grad_();

        Tensor output = convolution.forward(maps);
        output.pow(Scalars.Of(2)).sum().backward();

        // In plain order, where the strided convolution is sound.
        Tensor same = maps.detach().contiguous().requires_grad_();
        Tensor sameKernels = kernels.detach().clone().requires_grad_();
        Tensor expected = nn.functional.conv2d(same, sameKernels, null, [2, 2]);
        expected.pow(Scalars.Of(2)).sum().backward();
        Tensors.Close(expected, output);
        Tensors.Close(same.grad!, maps.grad!);
        Tensors.Close(sameKernels.grad!, kernels.grad!);
    }
}
