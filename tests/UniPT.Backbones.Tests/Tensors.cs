using UniPT.Torch;

namespace UniPT.Backbones.Tests;

/// <summary>Comparison of tensors.</summary>
internal static class Tensors
{
    /// <summary>Asserts equal shapes and elements up to an error relative to the largest magnitude.</summary>
    public static void Close(Tensor expected, Tensor actual, double relative = 1e-5)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        double error = (expected - actual).Abs().Max().Item();
        double largest = expected.Abs().Max().Item();
        Assert.True(error <= relative * largest, $"off by {error} where the largest magnitude is {largest}");
    }
}
