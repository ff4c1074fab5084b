using UniPT.Tasks.VideoRetrieval;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.VideoRetrieval;

public sealed class VideoTextSimilarityTests
{
    /// <summary>Frames count by their direction, missing ones not at all, and a video without frames is alike to nothing.</summary>
    [Fact]
    public void AVideoIsTheMeanDirectionOfItsFrames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = TensorData.From([3f, 0, 0, 0.5f, 7, 7, 1, 1, 2, 2, 3, 3], 2, 3, 2);
        Tensor mask = TensorData.From([1L, 1, 0, 0, 0, 0], 2, 3);
        float[] videos = VideoTextSimilarity.Pool(frames, mask).ToArray<float>();
        Assert.Equal([Math.Sqrt(0.5), Math.Sqrt(0.5), 0, 0], videos.Select(value => (double)value), (want, have) => Math.Abs(want - have) < 1e-6);
    }

    [Fact]
    public void LogitsAreScaledCosines()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor videos = TensorData.From([1f, 0, 0, 1], 2, 2);
        Tensor logits = VideoTextSimilarity.Logits(TensorData.From([5f, 0, 2, 2, 0, 0], 3, 2), videos, torch.tensor((float)Math.Log(100)));
        Assert.Equal([100, 0, 70.7107, 70.7107, 0, 0], logits.ToArray<float>().Select(value => (double)value), (want, have) => Math.Abs(want - have) < 1e-3);
    }

    /// <summary>Where all are equally alike, either half is the logarithm of their number.</summary>
    [Fact]
    public void LossesAreCrossEntropies()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor forth, Tensor back) = VideoTextSimilarity.Losses(torch.zeros(5, 5));
        Assert.Equal((Math.Log(5), Math.Log(5)), (forth.Item(), back.Item()), EqualityComparer<(double, double)>.Create(
            (want, have) => Math.Abs(want.Item1 - have.Item1) < 1e-6 && Math.Abs(want.Item2 - have.Item2) < 1e-6));
        (forth, back) = VideoTextSimilarity.Losses(TensorData.From([0f, 9, 0, 9], 2, 2));
        Assert.NotEqual(forth.Item(), back.Item());
    }
}
