using UniPT.Tasks.VideoRetrieval;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.VideoRetrieval;

public sealed class VideoTextSimilarityTests
{
    /// <summary>Frames count by their direction, missing ones not at all, and a video without frames is alike to nothing.</summary>
    /// <summary>Frames in one list, of films that have two, three and one places, of which one is empty.</summary>
    [Fact]
    public void FramesInOneListArePooledByFilm()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = torch.rand([6, 4]);
        frames.requires_grad = true;
        Tensor pooled = VideoTextSimilarity.Pool(frames, [2, 3, 1], [2, 2, 1]);
        Tensor padded = torch.zeros(3, 3, 4);
        foreach ((int frame, (int film, int place)) in new[] { (0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0) }.Index())
        {
            padded.select(0, film).select(0, place).copy_(frames.detach().select(0, frame));
        }

        Tensor expected = VideoTextSimilarity.Pool(padded, TensorData.From([1f, 1, 0, 1, 1, 0, 1, 0, 0], 3, 3));
        Assert.Equal(expected.ToArray<float>(), pooled.ToArray<float>());
        pooled.select(1, 0).sum().Backward();
        Assert.Equal(0, frames.grad!.select(0, 4).abs().sum().item<float>());
        Assert.NotEqual(0, frames.grad!.select(0, 3).abs().sum().item<float>());
    }

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
