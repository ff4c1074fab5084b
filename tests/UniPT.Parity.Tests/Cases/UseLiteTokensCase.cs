using System.Text.Json;
using UniPT.Backbones.UseLite;
using UniPT.Testing;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Lines of <c>{"text": …, "ids": […]}</c>.</summary>
internal sealed class UseLiteTokensCase : IParityCase
{
    public string Name => "use_lite-tokens";

    public void Check(GoldenFile file)
    {
        UseLiteTokenizer tokenizer = UseLiteTokenizer.Open(Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json"));
        string[] lines = File.ReadAllLines(file.Path);
        string[] wrong = [.. lines.Where(line => !Agrees(tokenizer, line))];
        if (lines.Length == 0 || wrong.Length > 0)
        {
            throw new ParityException($"{file.Path}: {wrong.Length} of {lines.Length} texts get other ids, the first is {wrong.FirstOrDefault()}");
        }
    }

    private static bool Agrees(UseLiteTokenizer tokenizer, string line)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        int[] ids = [.. record.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        return ids.SequenceEqual(tokenizer.Encode(record.RootElement.GetProperty("text").GetString()!));
    }
}
