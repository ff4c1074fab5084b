using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

public sealed class WordDropTests
{
    private const string Caption = "a dog runs over the green field";

    [Fact]
    public void WordsAreLeftOutAsOftenAsAskedFor()
    {
        var drop = new WordDrop(0.3, seed: 1);
        string[][] dropped = [.. Enumerable.Range(0, 5000).Select(i => drop.Apply(Caption, epoch: 0, i).Split(' '))];
        Assert.All(dropped, words => Assert.Equal(words, Caption.Split(' ').Where(words.Contains)));

        // One word of seven is always kept.
        Assert.Equal(7 - (6 * 0.3), dropped.Average(words => words.Length), 0.05);
    }

    [Fact]
    public void ItIsAFunctionOfSeedEpochAndCaption()
    {
        var drop = new WordDrop(0.5, seed: 1);
        Assert.Equal(drop.Apply(Caption, 2, 3), new WordDrop(0.5, seed: 1).Apply(Caption, 2, 3));
        Assert.True(Enumerable.Range(0, 20).Select(epoch => drop.Apply(Caption, epoch, 3)).Distinct().Count() > 5);
        Assert.True(Enumerable.Range(0, 20).Select(index => drop.Apply(Caption, 0, index)).Distinct().Count() > 5);
    }

    [Fact]
    public void OneWordAlwaysStays() =>
        Assert.All(Enumerable.Range(0, 1000), i => Assert.NotEmpty(new WordDrop(0.9, seed: 1).Apply("two words", 0, i)));
}
