using System.Text.Json;
using UniPT.Backbones.T5;
using UniPT.Backbones.Tests.Tokenizers;

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
}
