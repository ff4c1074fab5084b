using UniPT.Backbones.Bert;
using UniPT.Tasks.Grounding.Spans;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Grounding.Spans;

public sealed class TokenSpansTests
{
    private static readonly RobertaTokenizer Tokenizer = RobertaTokenizer.Open(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers", "roberta-tiny"));

    /// <summary>The tokens are &lt;s&gt;, a space, two of é, a space, four of the emoji, " the" and &lt;/s&gt;. The emoji is one character, as Python counts, and has two here.</summary>
    [Fact]
    public void CharactersAreCodePointsAndSpacesHaveNoToken()
    {
        const string Text = " é \U0001F600 the";
        var map = new TokenMap(Text, Tokenizer.EncodePlaced(Text));
        Assert.Equal([null, 2, null, 5, null, 9, 9, 9, null], Enumerable.Range(0, 9).Select(map.At));
        Assert.Null(map.At(-1));
    }

    /// <summary>A map from character to token: none for the third and the seventh.</summary>
    [Theory]
    [InlineData(0, 2, "1 1 0 0 0")] // characters 0 and 1 are tokens 0 and 1
    [InlineData(2, 4, "0 0 1 0 0")] // character 2 has none, 3 is token 2
    [InlineData(0, 3, "1 1 0 0 0")] // ends with one that has none: the one before
    [InlineData(2, 3, "0 0 0 0 0")] // from token 2 back to token 1: nothing
    [InlineData(6, 8, "0 0 0 0 0")] // begins and ends beyond what has tokens
    [InlineData(4, 6, "0 0 0 1 0")] // the last slot stands for nothing
    public void ASpanIsTheTokensFromItsFirstToItsLastCharacter(int start, int end, string expected)
    {
        var map = new TokenMap([0, 1, null, 2, 3, 4]);
        Assert.Equal(Numbers(expected), TokenSpans.Positive(map, [(start, end)], 5));
    }

    [Fact]
    public void RowsOfSeveralTokensMaySumUpToOne()
    {
        var map = new TokenMap([0, 1, 2, 3]);
        Assert.Equal([1, 0, 1, 1, 0], TokenSpans.Positive(map, [(0, 1), (2, 4)], 5));
        float[] shares = TokenSpans.Positive(map, [(0, 1), (2, 4)], 5, normalized: true);
        Assert.All(new[] { 0, 2, 3 }, token => Assert.Equal(1 / 3.0, shares[token], 1e-6));
        Assert.Equal(new float[5], TokenSpans.Positive(map, [], 5, normalized: true));
    }

    /// <summary>The published code looks a character's neighbours up in the first text of the batch.</summary>
    [Fact]
    public void NeighboursAreLookedUpInTheFirstTextOrInTheOwn()
    {
        TokenMap[] texts = [new([5, 5, 0, 0, 7]), new([null, 1, 2, 3, null])];
        Assert.Equal([0, 1, 1, 1, 0, 0, 0], TokenSpans.Aligned(texts, 1, [(0, 5)], 7, triesFirstText: false));

        // Of the first text that is from token 5 of character 1 back to token 0 of character 3: nothing.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0], TokenSpans.Aligned(texts, 1, [(0, 5)], 7));
        Assert.Equal([0, 0, 1, 1, 0, 0, 0], TokenSpans.Aligned(texts, 1, [(2, 4)], 7));
    }

    [Fact]
    public void TokensBeyondTheRowAreLeftOut() =>
        Assert.Equal([0, 0, 1], TokenSpans.Aligned([new([1, 2, 3, 4])], 0, [(1, 4)], 3));

    private static float[] Numbers(string text) => [.. text.Split(' ').Select(float.Parse)];
}
