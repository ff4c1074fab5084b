using UniPT.Tasks.Questions.Metrics;

namespace UniPT.Tasks.Tests.Questions.Metrics;

public sealed class VqaAccuracyTests
{
    /// <summary>Averaged over the ten subsets of nine people: 0.3, 0.6, 0.9 and 1 for one, two, three and more who agree.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.6)]
    [InlineData(3, 0.9)]
    [InlineData(4, 1)]
    [InlineData(10, 1)]
    public void AsManyAsAgree(int people, double accuracy)
    {
        string[] answers = [.. Enumerable.Repeat("cat", people), .. Enumerable.Repeat("dog", 10 - people)];
        Assert.Equal(accuracy, new VqaAccuracy().Of("cat", answers), 1e-9);
    }

    /// <summary>Where all ten wrote the same, that is compared as it is.</summary>
    [Fact]
    public void NormalFormsAreComparedWherePeopleDiffer()
    {
        string[] mixed = [.. Enumerable.Repeat("The cat", 5), .. Enumerable.Repeat("2 cats", 5)];
        Assert.Equal(1, new VqaAccuracy().Of("cat", mixed), 1e-9);
        Assert.Equal(1, new VqaAccuracy().Of("two cats", mixed), 1e-9);
        Assert.Equal(0, new VqaAccuracy().Of("cat", Enumerable.Repeat("The cat", 10).ToArray()));
        Assert.Equal(1, new VqaAccuracy().Of("The cat", Enumerable.Repeat("The cat\n", 10).ToArray()));
    }
}
