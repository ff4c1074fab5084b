using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Lines of <c>{"text": …, "ids": […]}</c>.</summary>
/// <param name="backbone">Whose tokens they are.</param>
/// <param name="vocabulary">Its vocabulary.</param>
/// <param name="special">Ids at either end that the lines leave out.</param>
internal abstract class TokensCase(string backbone, string vocabulary, int special) : IParityCase
{
    public abstract string Name { get; }

    public void Check(GoldenFile file)
    {
        Tokenizer tokenizer = BackboneRegistry.OpenTokenizer(backbone, vocabulary);
        string[] lines = File.ReadAllLines(file.Path);
        string[] wrong = [.. lines.Where(line => !Agrees(tokenizer, line))];
        if (lines.Length == 0 || wrong.Length > 0)
        {
            throw new ParityException($"{file.Path}: {wrong.Length} of {lines.Length} texts get other ids, the first is {wrong.FirstOrDefault()}");
        }
    }

    private bool Agrees(Tokenizer tokenizer, string line)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        int[] ids = tokenizer.Encode(record.RootElement.GetProperty("text").GetString()!);
        return Ids(record, "ids").SequenceEqual(ids[special..^special])
            && (!record.RootElement.TryGetProperty("row32", out _) || Ids(record, "row32").SequenceEqual(Row(tokenizer, record)));
    }

    /// <summary>A text as CLIP4Clip feeds it: 32 ids, padded with 0.</summary>
    private static IEnumerable<int> Row(Tokenizer tokenizer, JsonDocument record)
    {
        int[] ids = tokenizer.Encode(record.RootElement.GetProperty("text").GetString()!, 32).Ids;
        return ids.Concat(Enumerable.Repeat(0, 32 - ids.Length));
    }

    private static IEnumerable<int> Ids(JsonDocument record, string name) =>
        record.RootElement.GetProperty(name).EnumerateArray().Select(id => id.GetInt32());
}
