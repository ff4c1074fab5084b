using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class ActivationsTests
{
    public static TheoryData<Activation> All => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(All))]
    public void InPlaceIsTheTextbookFunctionAndItsGradient(Activation activation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor input = torch.randn(50) * Scalars.Of(3);
        Tensor cotangent = torch.randn(50);
        (Tensor Output, Tensor Gradient) Run(Func<Tensor, Tensor> function)
        {
            Tensor x = input.detach();
            x.requires_grad = true;
            Tensor y = function(x);
            (y * cotangent).sum().Backward();
            return (y, x.grad!);
        }

        (Tensor Output, Tensor Gradient) expected = Run(x => activation switch
        {
            Activation.Relu => x.relu(),
            Activation.Relu6 => x.clamp(Scalars.Of(0), Scalars.Of(6)),
            Activation.Gelu => x.gelu(),
            Activation.GeluTanh => x * Scalars.Of(0.5) * ((x * x * x * Scalars.Of(0.044715)).Add(x) * Scalars.Of(Math.Sqrt(2 / Math.PI))).tanh().Add(1),
            _ => x * (x * Scalars.Of(1.702)).sigmoid(),
        });
        (Tensor Output, Tensor Gradient) actual = Run(x =>
        {
            Tensor y = x * Scalars.Of(1);
            activation.Apply_(y);
            return y;
        });
        Tensors.Close(expected.Output, actual.Output);
        Tensors.Close(expected.Gradient, actual.Gradient);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void WithoutGradientsHardlyAnythingIsAllocated(Activation activation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tensor = torch.randn(50_000);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        activation.Apply_(tensor);

        // Of this one the value is needed twice.
        Assert.InRange(TensorMemory.Peak() - before, 0, 1000 + (activation == Activation.GeluTanh ? tensor.ByteCount() : 0));
    }
}
