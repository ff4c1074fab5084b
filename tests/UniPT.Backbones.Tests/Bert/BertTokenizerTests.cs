using System.IO.Compression;
using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Tests.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Bert;

public sealed class BertTokenizerTests
{
    private static readonly string[] Pieces = Unpacked();
    private static readonly BertTokenizer Tokenizer = BertTokenizer.Open(Vocabularies.Bert);

    [Theory]
    [InlineData("Hello, WORLD", "hello , world")]
    [InlineData("unaffable", "una ##ffa ##ble")]
    [InlineData("café CAFE\u0301", "cafe cafe")]
    [InlineData("≠", "=")] // loses its stroke
    [InlineData("a\u000Bb c\u0085d", "ab cd")] // control characters are no spaces
    [InlineData("日本", "日 本")]
    [InlineData("$5", "$ 5")]
    [InlineData("[MASK]", "[ mask ]")]
    public void TextBecomesPieces(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Tokenizer.Encode(text)[1..^1].Select(id => Pieces[id])));

    [Fact]
    public void HalfASurrogatePairIsNothing() => Assert.Equal(Tokenizer.Encode("dog"), Tokenizer.Encode("\uD800d\uDC00og"));

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void AWordOfMoreThanAHundredCharactersIsUnknown(int length, bool isUnknown) =>
        Assert.Equal(isUnknown, Tokenizer.Encode(new string('a', length)).SequenceEqual([101, 100, 102]));

    [Fact]
    public void TokenizerJsonSaysTheSame()
    {
        using var folder = new TemporaryFolder();
        Write(folder, lowercase: true);
        const string Text = "A Photo of TWO naïve cats — 3½ €";
        Assert.Equal(Tokenizer.Encode(Text), BertTokenizer.Open(folder.FullName).Encode(Text));
        Write(folder, lowercase: false);
        Assert.Contains(100, BertTokenizer.Open(folder.FullName).Encode(Text));
    }

    [Fact]
    public void AVocabularyWithCapitalsKeepsCase()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("vocab.txt"), ["[UNK]", "[CLS]", "[SEP]", "É", "a", "A"]);
        Assert.Equal([1, 5, 4, 3, 2], BertTokenizer.Open(folder.FullName).Encode("A a É"));
    }

    [Theory]
    [InlineData("[UNK]\n[CLS]\n[SEP]\na\n\nb", "Line 5 of the vocabulary")]
    [InlineData("[UNK]\n[CLS]\n[SEP]\na\na", "no line before it has, found a")]
    [InlineData("[UNK]\n[CLS]\na", "has 3 pieces and no [SEP], which bert needs; it is cut off")]
    [InlineData("", "Line 1 of the vocabulary")]
    public void ABrokenVocabularyIsRefused(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), text);
        Assert.Contains(reason, Assert.Throws<UserException>(() => BertTokenizer.Open(folder.FullName)).Message);
    }

    [Fact]
    public void WhatIsNoTextIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("vocab.txt"), [0x61, 0xC3, 0x28]);
        Assert.Contains("is not UTF-8 text", Assert.Throws<UserException>(() => BertTokenizer.Open(folder.FullName)).Message);
        File.WriteAllBytes(folder.File("vocab.txt"), [0x1F, 0x8B, 0, 0, 1]);
        Assert.Contains("Cannot read the vocabulary", Assert.Throws<UserException>(() => BertTokenizer.Open(folder.FullName)).Message);
    }

    private static void Write(TemporaryFolder folder, bool lowercase) => File.WriteAllText(folder.File("tokenizer.json"), JsonSerializer.Serialize(new
    {
        normalizer = new { type = "BertNormalizer", lowercase, strip_accents = (bool?)null },
        pre_tokenizer = new { type = "BertPreTokenizer" },
        model = new { type = "WordPiece", continuing_subword_prefix = "##", vocab = Pieces.Select((piece, id) => (piece, id)).ToDictionary() },
    }));

    private static string[] Unpacked()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Vocabularies.Bert), CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
