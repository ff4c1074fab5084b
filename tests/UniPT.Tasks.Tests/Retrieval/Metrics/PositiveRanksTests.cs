using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Metrics;

public sealed class PositiveRanksTests
{
    [Fact]
    public void TheBestOfSeveralRightAnswersCounts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor queries = torch.eye(4).narrow(0, 0, 3);
        Tensor candidates = TensorData.From([0.9f, 0.1f, 0, 0, 0.8f, 0.2f, 0, 0, 0.7f, 0.3f, 0, 0, 0.6f, 0.3f, 0, 0], 4, 4);

        // The first finds 2 behind 0 and 1; the second has 3 and 2 equally high, of which 2 is no right answer and goes before; nothing is right for the third.
        Assert.Equal([2, 1, 4], PositiveRanks.Of(queries, candidates, [[3, 2], [3, 0], []], among: false));
    }

    [Fact]
    public void AmongThemselvesNoneIsItsOwnCandidate()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor vectors = TensorData.From([1f, 0, 0.8f, 0.6f, 0.6f, 0.8f], 3, 2);
        Assert.Equal([1, 0], PositiveRanks.Of(vectors, vectors, [[2], [], [1]], among: true));
    }

    /// <summary>As <see cref="RetrievalRanks"/> where every picture has its own captions.</summary>
    [Fact]
    public void AgreesWithRetrievalRanksOverSeveralBlocks()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Images = 300;
        torch.random.manual_seed(1);
        Tensor images = nn.functional.normalize(torch.randn(Images, 8));
        Tensor captions = nn.functional.normalize(torch.randn(2 * Images, 8));
        int[] owners = [.. Enumerable.Range(0, 2 * Images).Select(caption => caption / 2)];
        var expected = RetrievalRanks.Compute(images.matmul(captions.t()).contiguous().ToArray<float>(), Images, owners);
        Assert.Equal(expected.ImageToText, PositiveRanks.Of(images, captions, [.. Enumerable.Range(0, Images).Select(image => new[] { 2 * image, (2 * image) + 1 })], among: false));
        Assert.Equal(expected.TextToImage, PositiveRanks.Of(captions, images, [.. owners.Select(owner => new[] { owner })], among: false));
    }
}
