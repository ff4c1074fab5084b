using FsCheck;
using FsCheck.Fluent;
using UniPT.Tasks.Retrieval.Metrics;

namespace UniPT.Tasks.Tests.Retrieval.Metrics;

public class RetrievalRanksTests
{
    [Fact]
    public void HandComputedExample()
    {
        // Captions 0 and 3 belong to image 1, caption 1 to image 0, captions 2 and 4 to image 2.
        int[] owners = [1, 0, 2, 1, 2];
        float[] similarities =
        [
            0.9f, 0.7f, 0.8f, 0.1f, 0.2f,
            0.4f, 0.6f, 0.25f, 0.5f, -1f,
            0.1f, 0.2f, 0.3f, 0.4f, 0.5f,
        ];
        RetrievalRanks ranks = RetrievalRanks.Compute(similarities, 3, owners);
        Assert.Equal([2, 1, 0], ranks.ImageToText);
        Assert.Equal([0, 1, 4], ranks.TopCaption);
        Assert.Equal([1, 0, 1, 0, 0], ranks.TextToImage);
        Assert.Equal([0, 0, 0, 1, 2], ranks.TopImage);
    }

    [Fact]
    public void TiesGoAgainstTheMatch()
    {
        RetrievalRanks ranks = RetrievalRanks.Compute(new float[3 * 6], 3, [0, 0, 1, 1, 2, 2]);
        Assert.Equal([4, 4, 4], ranks.ImageToText);
        Assert.Equal([2, 0, 0], ranks.TopCaption);
        Assert.Equal([2, 2, 2, 2, 2, 2], ranks.TextToImage);
        Assert.Equal([1, 1, 0, 0, 0, 0], ranks.TopImage);
    }

    [Fact]
    public void WhatDiffersByRoundingIsATie()
    {
        // Three pictures, the first two alike but for the place in a batch; more than rounding is no tie.
        float[] similarities = [0.5f, 0.5f + 4e-6f, 0.2f, 0.5f - 4e-6f, 0.5f, 0.2f, 0.1f, 0.1f, 0.2f + 2e-5f];
        RetrievalRanks ranks = RetrievalRanks.Compute(similarities, 3, [0, 1, 2]);
        Assert.Equal([1, 1, 0], ranks.ImageToText);
        Assert.Equal([1, 1, 0], ranks.TextToImage);
        Assert.Equal([1, 0, 2], ranks.TopCaption);
        Assert.Equal([1, 0, 2], ranks.TopImage);
    }

    [Fact]
    public void RanksAreThoseOfASort() =>
        Prop.ForAll(RetrievalCase.Arbitrary, sample =>
        {
            RetrievalRanks ranks = sample.Rank();
            return Enumerable.Range(0, sample.Images).All(image => ranks.ImageToText[image] == Position(
                    Enumerable.Range(0, sample.Owners.Length)
                        .Select(caption => (sample[image, caption], sample.Owners[caption] == image))))
                && Enumerable.Range(0, sample.Owners.Length).All(caption => ranks.TextToImage[caption] == Position(
                    Enumerable.Range(0, sample.Images)
                        .Select(image => (sample[image, caption], sample.Owners[caption] == image))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheTopIsTheMatchExactlyAtRankZero() =>
        Prop.ForAll(RetrievalCase.Arbitrary, sample =>
        {
            RetrievalRanks ranks = sample.Rank();
            IEnumerable<bool> imagesHit = ranks.TopCaption.Select((caption, image) => sample.Owners[caption] == image);
            IEnumerable<bool> captionsHit = ranks.TopImage.Zip(sample.Owners, (top, owner) => top == owner);
            return imagesHit.SequenceEqual(ranks.ImageToText.Select(rank => rank == 0))
                && captionsHit.SequenceEqual(ranks.TextToImage.Select(rank => rank == 0));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheOrderOfCaptionsDoesNotMatter() =>
        Prop.ForAll(RetrievalCase.Arbitrary, Gen.Choose(0, 1000).ToArbitrary(), (sample, key) =>
        {
            int[] order = [.. Enumerable.Range(0, sample.Owners.Length).OrderBy(caption => (caption + 1) * key % 101)];
            IEnumerable<int> images = Enumerable.Range(0, sample.Images);
            float[] shuffled = [.. images.SelectMany(image => order.Select(caption => sample[image, caption]))];
            RetrievalRanks before = sample.Rank();
            RetrievalRanks after =
                RetrievalRanks.Compute(shuffled, sample.Images, [.. order.Select(caption => sample.Owners[caption])]);
            return before.ImageToText.SequenceEqual(after.ImageToText)
                && order.Select(caption => before.TextToImage[caption]).SequenceEqual(after.TextToImage);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NotANumberIsRefused()
    {
        UserException error = Assert.Throws<UserException>(
            () => RetrievalRanks.Compute([1, 0, 0, float.NaN], 2, [0, 1]));
        Assert.Contains("image 1", error.Message);
    }

    [Fact]
    public void SizesMustAgree()
    {
        Assert.Throws<ArgumentException>(() => RetrievalRanks.Compute([1, 2, 3], 2, [0, 1]));
        Assert.Throws<ArgumentException>(() => RetrievalRanks.Compute([1, 2, 3, 4], 2, [0, 0]));
        Assert.Throws<ArgumentException>(() => RetrievalRanks.Compute([1, 2, 3, 4, 5, 6], 2, [0, 1, 2]));
    }

    /// <summary>Place of the first match when candidates are sorted, the wrong ones first among equals.</summary>
    private static int Position(IEnumerable<(float Similarity, bool Matches)> candidates) =>
        candidates.OrderByDescending(candidate => candidate.Similarity).ThenBy(candidate => candidate.Matches)
            .TakeWhile(candidate => !candidate.Matches).Count();
}
