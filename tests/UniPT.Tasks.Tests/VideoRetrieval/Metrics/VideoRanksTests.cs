using UniPT.Tasks.VideoRetrieval.Metrics;

namespace UniPT.Tasks.Tests.VideoRetrieval.Metrics;

public sealed class VideoRanksTests
{
    [Fact]
    public void EveryTieOfAPairIsAnEntry()
    {
        float[] similarities = [0.5f, 0.9f, 0.5f, 0.1f, 0.7f, 0.2f, 0.3f, 0.3f, 0.3f];
        Assert.Equal([1, 2, 0, 0, 1, 2], VideoRanks.OfPairs(similarities, 3));
    }

    /// <summary>So that a model that makes everything one point does not come first.</summary>
    [Fact]
    public void OfTextsThatShareVideosTiesStandBefore()
    {
        float[] similarities = [0.9f, 0.1f, 0.2f, 0.4f, 0.4f, 0.3f, 0.6f, 0.7f, 0.5f];
        Assert.Equal([0, 1, 2], VideoRanks.OfTexts(similarities, [0, 1, 2], 3));
        Assert.Equal([0, 1, 1], VideoRanks.OfTexts(similarities, [0, 0, 0], 3));
    }

    [Fact]
    public void TheBestTextOfEveryVideoCounts()
    {
        float[] similarities = [0.1f, 0.9f, 0.8f, -0.2f, 0.3f, 0.4f];
        Assert.Equal([0.3f, 0.8f, 0.9f, -0.2f], VideoRanks.BestTexts(similarities, [0, 1, 0], 2));
        Assert.Throws<ArgumentException>(() => VideoRanks.BestTexts(similarities, [0, 0, 0], 2));
    }

    [Fact]
    public void DamagedSimilaritiesAreRefused()
    {
        var error = Assert.Throws<UserException>(() => VideoRanks.OfPairs([1, float.NaN, 0, 1], 2));
        Assert.Contains("is not a number (NaN)", error.Message);
        Assert.Throws<ArgumentException>(() => VideoRanks.OfTexts([1, 2, 3], [0, 1], 2));
    }
}
