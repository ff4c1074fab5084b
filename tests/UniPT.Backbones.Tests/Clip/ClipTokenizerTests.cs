using System.IO.Compression;
using UniPT.Backbones.Clip;
using UniPT.Backbones.Tests.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Clip;

public sealed class ClipTokenizerTests
{
    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.Open(Vocabularies.Clip);

    [Theory]
    [InlineData("a PHOTO of a cat", "A photo  of a\tcat")]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδος σας")] // a sigma at a word's end
    [InlineData("fish &amp;amp; chips", "fish & chips")]
    [InlineData("<b>&rsquo;</b>", "<b>&#x2019;</b>")]
    [InlineData("\uD835\uDC00\uD835\uDC01!", "\uD835\uDC00\uD835\uDC01 !")] // letters past the BMP are letters
    public void TheseAreOneText(string one, string other) => Assert.Equal(Tokenizer.Encode(one), Tokenizer.Encode(other));

    [Fact]
    public void UnpackedAndInAFolderItIsTheSame()
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.OpenRead(Vocabularies.Clip), CompressionMode.Decompress))
        using (FileStream file = File.Create(folder.File("bpe_simple_vocab_16e6.txt")))
        {
            packed.CopyTo(file);
        }

        Assert.Equal(Tokenizer.Encode("two cats"), ClipTokenizer.Open(folder.FullName).Encode("two cats"));
        Assert.Equal(49408, Tokenizer.VocabularySize);
        Assert.Equal([521, 522], ClipTokenizer.Open(Vocabularies.ClipTiny).Encode(" "));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(1_000)]
    [InlineData(1)]
    public void ACutOffVocabularyIsRefused(int bytes)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("bpe_simple_vocab_16e6.txt.gz");
        File.WriteAllBytes(file, File.ReadAllBytes(Vocabularies.Clip)[..bytes]);
        Assert.Contains(file, Assert.Throws<UserException>(() => ClipTokenizer.Open(folder.FullName)).Message);
    }

    [Fact]
    public void RobertasVocabularyIsRefused() =>
        Assert.Contains("which clip_text needs", Assert.Throws<UserException>(() => ClipTokenizer.Open(Vocabularies.RobertaTiny)).Message);
}
