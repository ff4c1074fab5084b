using UniPT.Torch;

namespace UniPT.Backbones.Tests;

/// <summary>Comparison of tensors.</summary>
internal static class Tensors
{
    /// <summary>Asserts equal shapes and elements up to an error relative to the largest magnitude.</summary>
    public static void Close(Tensor expected, Tensor actual, double relative = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        double error = (expected - actual).abs().max().Item();
        double largest = expected.abs().max().Item();
        Assert.True(error <= relative * largest, $"off by {error} where the largest magnitude is {largest}");
    }
}
