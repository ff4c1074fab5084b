using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Inputs;

namespace UniPT.Tasks.Tests.Shared.Inputs;

public sealed class WordDropTests
{
    private const string Caption = "a dog runs over the green field";

    /// <summary>VSE∞'s shares: of the words that are drawn 50 % masks, 10 % random ids, 40 % left out.</summary>
    [Fact]
    public void WordsHaveTheFatesThatVseHas()
    {
        var drop = new WordDrop(new Letters(), 0.3, seed: 1);
        int[][] captions = [.. Enumerable.Range(0, 5000).Select(i => drop.Apply("aa bb cc dd ee ff gg", epoch: 0, i).ToArray())];
        double pieces = 5000 * 14;
        Assert.Equal(0.3 * 0.5, captions.Sum(ids => ids.Count(id => id == Letters.MaskId)) / pieces, 0.01);
        Assert.Equal(0.3 * 0.4, 1 - (captions.Sum(ids => ids.Length) / pieces), 0.01);
        Assert.Equal(0.3 * 0.1, captions.Sum(ids => ids.Count(id => id >= 26 && id != Letters.MaskId)) / pieces * 1000 / 973, 0.005);

        // A word shares its fate, and pieces that are drawn at random are drawn one by one; the mask may be among these.
        Assert.InRange(captions.Count(ids => ids.Count(id => id == Letters.MaskId) % 2 == 1), 0, 20);
        int[][] randoms = [.. captions.SelectMany(ids => ids.Chunk(2)).Where(pair => pair.All(id => id >= 26 && id != Letters.MaskId))];
        Assert.True(randoms.Count(pair => pair[0] != pair[1]) > 0.9 * randoms.Length);
        Assert.True(randoms.Length > 100);
    }

    [Fact]
    public void ItIsAFunctionOfSeedEpochAndCaption()
    {
        var drop = new WordDrop(new Letters(), 0.5, seed: 1);
        Assert.Equal(drop.Apply(Caption, 2, 3), new WordDrop(new Letters(), 0.5, seed: 1).Apply(Caption, 2, 3));
        Assert.True(Enumerable.Range(0, 20).Select(epoch => string.Join(',', drop.Apply(Caption, epoch, 3))).Distinct().Count() > 5);
        Assert.True(Enumerable.Range(0, 20).Select(index => string.Join(',', drop.Apply(Caption, 0, index))).Distinct().Count() > 5);
    }

    /// <summary>Letters as pieces, words as words; ids from 26 to 998 are never in a text.</summary>
    private sealed class Letters() : Tokenizer(1000)
    {
        internal const int MaskId = 999;

        public override int? Mask => MaskId;

        public override IEnumerable<IReadOnlyList<int>> Words(string text) => text.Split(' ').Select(word => word.Select(letter => letter - 'a').ToArray());
    }
}
