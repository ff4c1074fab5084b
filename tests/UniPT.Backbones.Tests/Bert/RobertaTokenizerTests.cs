using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Tests.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Bert;

public sealed class RobertaTokenizerTests
{
    private static readonly Dictionary<string, int> Ids =
        JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(Vocabularies.RobertaTiny, "vocab.json")))!;

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
