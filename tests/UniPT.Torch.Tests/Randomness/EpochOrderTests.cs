using FsCheck;
using FsCheck.Fluent;
using UniPT.Torch.Randomness;

namespace UniPT.Torch.Tests.Randomness;

public class EpochOrderTests
{
    [Fact]
    public void ItIsAPermutation() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), Gen.Choose(0, 300).ToArbitrary(), (seed, count) =>
            EpochOrder.Permutation(seed, 3, count).Order().SequenceEqual(Enumerable.Range(0, count)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ItIsTheSameOnEveryMachine() =>
        Assert.Equal([6, 4, 5, 3, 9, 7, 2, 1, 8, 0], EpochOrder.Permutation(42, 7, 10)); // from a Python port

    [Fact]
    public void SeedsAndEpochsDiffer()
    {
        int[] order = EpochOrder.Permutation(1, 0, 100);
        Assert.Equal(order, EpochOrder.Permutation(1, 0, 100));
        Assert.NotEqual(order, EpochOrder.Permutation(1, 1, 100));
        Assert.NotEqual(order, EpochOrder.Permutation(2, 0, 100));
    }

    [Fact]
    public void EveryOrderIsEquallyLikely()
    {
        var counts = Enumerable.Range(0, 6_000).GroupBy(epoch => string.Join(' ', EpochOrder.Permutation(5, epoch, 3)))
            .Select(group => group.Count()).ToList();
        Assert.Equal(6, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }
}
