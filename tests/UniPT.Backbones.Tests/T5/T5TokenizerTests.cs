using System.Text.Json;
using UniPT.Backbones.T5;
using UniPT.Backbones.Tests.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.T5;

public sealed class T5TokenizerTests
{
    private static readonly T5Tokenizer Tokenizer = T5Tokenizer.Open(Vocabularies.T5Tiny);

    [Fact]
    public void TheIdsAreThoseOfSentencePiece()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Vocabularies.T5Tiny, "ids.jsonl"));
        var wrong = new List<string>();
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string text = document.RootElement.GetProperty("text").GetString()!;
            int[] expected = [.. document.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] found = Tokenizer.Encode(text)[..^1];
            if (!found.SequenceEqual(expected))
            {
                wrong.Add($"{JsonSerializer.Serialize(text)}: {string.Join(' ', found)}, expected {string.Join(' ', expected)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length}\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void TheEndTokenClosesEveryText()
    {
        Assert.Equal(900, Tokenizer.VocabularySize);
        Assert.Equal([1], Tokenizer.Encode(""));
        int[] all = Tokenizer.Encode("green frog");
        Assert.Equal(1, all[^1]);
        (int[] ids, bool isCut) = Tokenizer.Encode("green frog", 3);
        Assert.True(isCut);
        Assert.Equal([all[0], all[1], 1], ids);
    }

    /// <summary>They count down from the end of the vocabulary, and no more than 100 are there.</summary>
    [Fact]
    public void SentinelsInATextHaveTheirIds()
    {
        Assert.Equal([899, 1], Tokenizer.Encode("<extra_id_0>"));
        Assert.Equal([.. Tokenizer.Encode("green")[..^1], 800, .. Tokenizer.Encode("frog")], Tokenizer.Encode("green <extra_id_99> frog"));
        Assert.DoesNotContain(Tokenizer.Encode("<extra_id_100> <extra_id_07> <extra_id_>"), id => id >= 800);
        Assert.DoesNotContain(Tokenizer.Encode("</s> <pad>")[..^1], id => id < 2);
    }

    [Theory]
    [InlineData("green frog", "green frog")]
    [InlineData("  two   words ", "two words")]
    [InlineData("ﬁne ① Ｆ", "fine 1 F")]
    public void DecodingGivesTheNormalisedText(string text, string expected) => Assert.Equal(expected, Tokenizer.Decode([0, .. Tokenizer.Encode(text), 0, 0]));

    [Fact]
    public void DecodingLeavesSentinelsOutAndKnowsItsIds()
    {
        Assert.Equal("green frog", Tokenizer.Decode([.. Tokenizer.Encode("green frog"), 899]));
        Assert.Equal("", Tokenizer.Decode([]));
        var error = Assert.Throws<UserException>(() => Tokenizer.Decode([5, 900]));
        Assert.Equal("t5 has the token ids 0 to 899; 900 is none of them.", error.Message);
        Assert.Throws<UserException>(() => Tokenizer.Decode([-1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30_000)]
    public void AModelThatIsCutOffOrNoneIsRefused(int bytes)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("spiece.model");
        File.WriteAllBytes(path, bytes == 1 ? "no model, but text"u8.ToArray() : File.ReadAllBytes(Path.Combine(Vocabularies.T5Tiny, "spiece.model"))[..bytes]);
        Assert.Contains(path, Assert.Throws<UserException>(() => T5Tokenizer.Open(path)).Message);
    }

    [Fact]
    public void AMissingModelIsNamed() => Assert.Contains("none.model", Assert.Throws<UserException>(() => T5Tokenizer.Open("none.model")).Message);
}
