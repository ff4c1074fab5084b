using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Tests.Tokenizers;
using UniPT.Backbones.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Bert;

public sealed class RobertaTokenizerTests
{
    private static readonly Dictionary<string, int> Ids =
        JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(Vocabularies.RobertaTiny, "vocab.json")))!;

    private static readonly Dictionary<int, string> Pieces = Ids.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly RobertaTokenizer Tokenizer = RobertaTokenizer.Open(Vocabularies.RobertaTiny);

    [Theory]
    [InlineData("", "")]
    [InlineData("the the", "the Ġthe")] // no space is put in front
    [InlineData("the  red", "the Ġ Ġred")] // one of the spaces belongs to the word
    [InlineData("in\n red", "in Ċ Ġred")]
    [InlineData("in \nred", "in Ġ Ċ r ed")]
    [InlineData("in  ", "in Ġ Ġ")]
    [InlineData("a's 12", "a ' s Ġ 1 2")]
    [InlineData("é", "Ã ©")]
    [InlineData("</s>", "< / s >")]
    public void TextBecomesPieces(string text, string expected)
    {
        int[] pieces = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(piece => Ids[piece])];
        Assert.Equal([0, .. pieces, 2], Tokenizer.Encode(text));
    }

    /// <summary>Without the spaces in front, and all pieces of one character's bytes at that character, as Hugging Face's fast tokenizer gives them for RoBERTa.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("the the", "the:0-3 Ġthe:4-7")]
    [InlineData("  red", "Ġ:1-1 Ġred:2-5")]
    [InlineData("in\n red ", "in:0-2 Ċ:2-3 Ġred:4-7 Ġ:8-8")]
    [InlineData(" é12", "Ġ:1-1 Ã:1-2 ©:1-2 1:2-3 2:3-4")]
    [InlineData("é the", "Ã:0-1 ©:0-1 Ġthe:2-5")]
    [InlineData("\U0001F600 red", "ð:0-2 Ł:0-2 ĺ:0-2 Ģ:0-2 Ġred:3-6")]
    public void TokensHaveTheirCharacters(string text, string expected)
    {
        IReadOnlyList<PlacedToken> tokens = Tokenizer.EncodePlaced(text);
        Assert.Equal(Tokenizer.Encode(text), tokens.Select(token => token.Id));
        Assert.Equal(new PlacedToken(0, 0, 0), tokens[0]);
        Assert.Equal(new PlacedToken(2, 0, 0), tokens[^1]);
        Assert.Equal(expected, string.Join(' ', tokens.Skip(1).SkipLast(1).Select(token => $"{Pieces[token.Id]}:{token.Start}-{token.End}")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TokenizerJsonSaysTheSame(bool pairs)
    {
        using var folder = new TemporaryFolder();
        string[] merges = File.ReadAllLines(Path.Combine(Vocabularies.RobertaTiny, "merges.txt"))[1..];
        File.WriteAllText(folder.File("tokenizer.json"), JsonSerializer.Serialize(new
        {
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false },
            model = new { type = "BPE", vocab = Ids, merges = pairs ? merges.Select(merge => merge.Split(' ')).ToArray() : (object)merges },
        }));
        Assert.Equal(Tokenizer.Encode("the red thing"), RobertaTokenizer.Open(folder.FullName).Encode("the red thing"));
    }

    [Fact]
    public void EitherFileNamesBoth() => Assert.Equal(
        Tokenizer.Encode("the red"), RobertaTokenizer.Open(Path.Combine(Vocabularies.RobertaTiny, "merges.txt")).Encode("the red"));

    [Theory]
    [InlineData("#version: 0.2\nt h\nth\n", "Merge 2 of the vocabulary")]
    [InlineData("t h\nq q\n", "must be two of its pieces that make a third, found q q")]
    public void BrokenMergesAreRefused(string merges, string reason)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Vocabularies.RobertaTiny, "vocab.json"), folder.File("vocab.json"));
        File.WriteAllText(folder.File("merges.txt"), merges);
        Assert.Contains(reason, Assert.Throws<UserException>(() => RobertaTokenizer.Open(folder.FullName)).Message);
    }

    [Fact]
    public void MissingMergesAreRefused()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Vocabularies.RobertaTiny, "vocab.json"), folder.File("vocab.json"));
        Assert.Contains(folder.File("merges.txt"), Assert.Throws<UserException>(() => RobertaTokenizer.Open(folder.FullName)).Message);
    }

    [Fact]
    public void CutOffMergesAreRefused()
    {
        using var folder = new TemporaryFolder();
        IEnumerable<string> pieces = Ids.Keys.Concat(Enumerable.Range(0, 200).Select(i => $"word{i}"));
        File.WriteAllText(folder.File("vocab.json"), JsonSerializer.Serialize(pieces.Select((piece, id) => (piece, id)).ToDictionary()));
        File.WriteAllText(folder.File("merges.txt"), "t h\n");
        Assert.Contains("has 470 pieces, but only 1 merges", Assert.Throws<UserException>(() => RobertaTokenizer.Open(folder.FullName)).Message);
    }

    [Fact]
    public void ClipsVocabularyIsRefused() =>
        Assert.Contains("which roberta needs", Assert.Throws<UserException>(() => RobertaTokenizer.Open(Vocabularies.ClipTiny)).Message);
}
