using FsCheck;
using FsCheck.Fluent;
using UniPT.Torch.Randomness;

namespace UniPT.Torch.Tests.Randomness;

public class CounterRandomTests
{
    [Fact]
    public void WithoutAKeyItIsSplitMix64FromZero()
    {
        var random = new CounterRandom();
        Assert.Equal(0xE220A8397B1DCDAF, random.NextUInt64());
        Assert.Equal(0x6E789E6AA1B965F4UL, random.NextUInt64());
        Assert.Equal(0x06C45D188009454FUL, random.NextUInt64());
    }

    [Fact]
    public void EveryPartOfTheKeyAndItsPlaceCount()
    {
        long[][] keys = [[], [0], [0, 0], [1], [-1], [1, 2], [2, 1], [1, 2, 0], [1, 2, 3], [0, 1, 2]];
        Assert.Equal(keys.Length, keys.Select(key => new CounterRandom(key).NextUInt64()).Distinct().Count());
        Assert.Equal(new CounterRandom(1, 2, 3).NextUInt64(), new CounterRandom(1, 2, 3).NextUInt64());
    }

    [Fact]
    public void NumbersStayBelowTheBound() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), ArbMap.Default.ArbFor<long>(), (bound, seed) =>
        {
            var random = new CounterRandom(seed);
            double fraction = random.NextDouble();
            return random.Next(bound) is var number && number >= 0 && number < bound && fraction is >= 0 and < 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NumbersAreSpreadEvenly()
    {
        var random = new CounterRandom(7);
        int[] counts = new int[10];
        double sum = 0;
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.Next(10)]++;
            sum += random.NextDouble();
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.InRange(sum / 100_000, 0.495, 0.505);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ABoundMustBePositive(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom().Next(bound));
}
