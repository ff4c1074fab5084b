using UniPT.Backbones;
using UniPT.Tasks.VideoRetrieval.Inputs;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.VideoRetrieval.Inputs;

public sealed class FrameBatchTests
{
    private static Tensor Mask => TensorData.From([1L, 1, 1, 1, 0, 0], 2, 3);

    /// <summary>In whatever parts, frames come back where they were.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void EveryFrameGoesThroughAndComesBack(int atOnce)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = torch.rand([2, 3, 3, 4, 5]);
        var batch = new FrameBatch(frames, Mask);
        List<long> taken = [];
        Tensor features = batch.Through(Tower(taken), atOnce);
        Assert.Equal(frames.mean([3, 4]).ToArray<float>(), features.ToArray<float>());
        Assert.Equal([2, 3, 3], features.shape);
        Assert.Equal(6, batch.Pictures);
        Assert.Equal(6, taken.Sum());
        Assert.Equal(Math.Min(atOnce, 6), taken.Max());
    }

    [Fact]
    public void MissingFramesCanBeSkipped()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = torch.rand([2, 3, 3, 4, 5]);
        frames.requires_grad = true;
        var batch = new FrameBatch(frames, Mask, skipsMissing: true);
        List<long> taken = [];
        Tensor features = batch.Through(Tower(taken), 3);
        Assert.Equal([3L, 1], taken);
        Tensor expected = frames.mean([3, 4]) * Mask.unsqueeze(-1);
        Assert.Equal(expected.ToArray<float>(), features.ToArray<float>());
        features.sum().Backward();
        Assert.Equal(Mask.to(ScalarType.Float32).ToArray<float>(), frames.grad!.sum([2, 3, 4]).div(Scalars.Of(3)).ToArray<float>(), (want, have) => Math.Abs(want - have) < 1e-5);
    }

    /// <summary>A backbone is given one picture even where no frame is there.</summary>
    [Fact]
    public void ABatchWithoutFramesRuns()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new FrameBatch(torch.rand([2, 2, 3, 4, 4]), torch.zeros(2, 2), skipsMissing: true);
        Assert.Equal(1, batch.Pictures);
        Assert.Equal([2, 2, 3], batch.Through(Tower([])).shape);
    }

    [Fact]
    public void WhatIsMadeInBetweenIsFreed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new FrameBatch(torch.rand([2, 3, 3, 4, 5]), Mask, skipsMissing: true);
        using IDisposable unrecorded = torch.no_grad();
        batch.Through(Tower([]), 2).Dispose();
        TensorCount before = TensorCount.Now();
        batch.Through(Tower([]), 2).Dispose();
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData(new long[] { 2, 3, 3, 4 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 3, 3, 4, 4 }, new long[] { 2, 4 })]
    public void OtherShapesAreRefused(long[] frames, long[] mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var error = Assert.Throws<UserException>(() => new FrameBatch(torch.zeros(frames), torch.ones(mask)));
        Assert.Equal($"Videos are frames [B, F, 3, H, W] with a mask [B, F]; these are [{string.Join(", ", frames)}] with [{string.Join(", ", mask)}].", error.Message);
    }

    /// <summary>The mean colour of each picture.</summary>
    private static Func<BackboneInput, Tensor> Tower(List<long> taken) => input =>
    {
        taken.Add(input.Rows);
        return input.Pixels.mul(Scalars.Of(1)).mean([2, 3]);
    };
}
