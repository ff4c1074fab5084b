using UniPT.Backbones.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Tokenizers;

/// <summary>Two texts that are read together, as each backbone was trained on them.</summary>
public sealed class PairTests
{
    private static readonly Tokenizer Bert = BackboneRegistry.OpenTokenizer("bert", Vocabularies.Bert);

    [Fact]
    public void BertIsToldWhichTextATokenBelongsTo()
    {
        TokenizedText pair = Bert.EncodePair("a dog", "two cats run");
        Assert.Equal([.. Bert.Encode("a dog"), .. Bert.Encode("two cats run")[1..]], pair.Ids);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], pair.Segments!);
        Assert.False(pair.IsCut);
        Assert.Equal([101, 102, 102], Bert.EncodePair("", "").Ids);
    }

    [Fact]
    public void RobertaHasTwoMarksBetween()
    {
        Tokenizer roberta = BackboneRegistry.OpenTokenizer("roberta", Vocabularies.RobertaTiny);
        TokenizedText pair = roberta.EncodePair("the red", "thing");
        Assert.Equal([.. roberta.Encode("the red"), 2, .. roberta.Encode("thing")[1..]], pair.Ids);
        Assert.Null(pair.Segments);
        Assert.Equal(4, roberta.FewestOfPair);
    }

    /// <summary>Neither was trained on two texts.</summary>
    [Theory]
    [InlineData("clip_text", "bpe_simple_vocab_16e6.txt.gz")]
    [InlineData("use_lite", "use_lite.vocab.json")]
    public void OthersReadThemAsOneText(string name, string vocabulary)
    {
        Tokenizer tokenizer = BackboneRegistry.OpenTokenizer(name, Path.Combine(RepositoryPaths.Models, vocabulary));
        TokenizedText pair = tokenizer.EncodePair("a red apple", "on the table");
        Assert.Equal(tokenizer.Encode("a red apple on the table"), pair.Ids);
        Assert.Null(pair.Segments);
    }

    /// <summary>The lengths that Hugging Face's <c>tokenizers</c> leaves of two texts in room for 7 (its strategy <c>longest_first</c>).</summary>
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 4, 0, 4)]
    [InlineData(0, 8, 0, 7)]
    [InlineData(2, 8, 2, 5)]
    [InlineData(8, 2, 5, 2)]
    [InlineData(3, 4, 3, 4)]
    [InlineData(4, 4, 3, 4)]
    [InlineData(4, 8, 3, 4)]
    [InlineData(8, 4, 4, 3)]
    [InlineData(8, 8, 3, 4)]
    [InlineData(9, 8, 4, 3)]
    public void TheLongerTextIsCutFirst(int first, int second, int keptOfFirst, int keptOfSecond)
    {
        string Words(string word, int count) => string.Join(' ', Enumerable.Repeat(word, count));
        TokenizedText pair = Bert.EncodePair(Words("dog", first), Words("cat", second), 7 + Bert.FewestOfPair);
        Assert.Equal(Bert.EncodePair(Words("dog", keptOfFirst), Words("cat", keptOfSecond)).Ids, pair.Ids);
        Assert.Equal(keptOfFirst + keptOfSecond < first + second, pair.IsCut);
    }

    [Fact]
    public void NoRoomForTheSpecialTokensIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Bert.EncodePair("a", "b", 2));
}
