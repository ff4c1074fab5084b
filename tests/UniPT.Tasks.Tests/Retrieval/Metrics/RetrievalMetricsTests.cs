using FsCheck;
using FsCheck.Fluent;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Shared.Metrics;

namespace UniPT.Tasks.Tests.Retrieval.Metrics;

public class RetrievalMetricsTests
{
    [Fact]
    public void APerfectMatrixGives100() =>
        Prop.ForAll(RetrievalCase.Arbitrary, sample =>
        {
            IEnumerable<int> images = Enumerable.Range(0, sample.Images);
            float[] perfect =
                [.. images.SelectMany(image => sample.Owners.Select(owner => owner == image ? 1f : 0f))];
            var best = new RankMetrics(100, 100, 100, 1, 1);
            RetrievalMetrics metrics = RetrievalMetrics.Compute(perfect, sample.Images, sample.Owners);
            return metrics == new RetrievalMetrics(best, best) && metrics.RSum == 600;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheFiguresFollowTheRanks()
    {
        float[] similarities =
        [
            0.9f, 0.7f, 0.8f, 0.1f, 0.2f,
            0.4f, 0.6f, 0.25f, 0.5f, -1f,
            0.1f, 0.2f, 0.3f, 0.4f, 0.5f,
        ];
        RetrievalMetrics metrics = RetrievalMetrics.Compute(similarities, 3, [1, 0, 2, 1, 2]);
        Assert.Equal(new RankMetrics(100 / 3.0, 100, 100, 2, 2), metrics.ImageToText);
        Assert.Equal(new RankMetrics(60, 100, 100, 1, 1.4), metrics.TextToImage);
        Assert.Equal(100 / 3.0 + 460, metrics.RSum, 10);
    }

    [Fact]
    public void OneFoldIsTheWhole() =>
        Prop.ForAll(RetrievalCase.Arbitrary, sample =>
            RetrievalMetrics.ComputeFolds(sample.Similarities, sample.Images, sample.Owners, 1)
                == RetrievalMetrics.Compute(sample.Similarities, sample.Images, sample.Owners))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void FoldsAreBlocksOfImagesWithTheirCaptions()
    {
        // Within the first two images caption and image agree; within the last two they are exchanged.
        float[] similarities =
        [
            1, 0, 2, 2,
            0, 1, 2, 2,
            2, 2, 0, 1,
            2, 2, 1, 0,
        ];
        RetrievalMetrics metrics = RetrievalMetrics.ComputeFolds(similarities, 4, [0, 1, 2, 3], 2);
        Assert.Equal(new RankMetrics(50, 100, 100, 1.5, 1.5), metrics.ImageToText);
        Assert.Equal(metrics.ImageToText, metrics.TextToImage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FoldsMustBeEqual(int folds) =>
        Assert.Throws<ArgumentException>(() => RetrievalMetrics.ComputeFolds(new float[9], 3, [0, 1, 2], folds));
}
