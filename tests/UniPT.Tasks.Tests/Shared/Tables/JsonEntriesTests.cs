using System.Text;
using UniPT.Tasks.Shared.Tables;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Shared.Tables;

public sealed class JsonEntriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _problems = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EntriesOfAListHaveTheirLines() =>
        Assert.Equal(["f.json:1 (entry 1)  1", "f.json:2 (entry 2)  {\"a\": [2]}", "f.json:3 (entry 3)  \"x\""], Read("\uFEFF[1,\n {\"a\": [2]}\n, \"x\"\n]\n \n"));

    [Fact]
    public void MembersOfAnObjectHaveTheirNames() => Assert.Equal(["f.json:1 (entry 1) a 1", "f.json:3 (entry 2) b {\"c\": 2}"], Read("{\"a\": 1,\n\n\"b\": {\"c\": 2}}"));

    /// <summary>Lists that are asked for are read element by element, wherever they stand; the others are members.</summary>
    [Fact]
    public void ListsInAnObjectAreOpened() => Assert.Equal(
        ["f.json:1 (entry 1) info {}", "f.json:1 (entry 1) rows| 7", "f.json:2 (entry 2) rows| 8", "f.json:2 (entry 3) other [1]", "f.json:2 (entry 4) rows 3"],
        Read("{\"info\": {}, \"rows\": [7,\n8], \"other\": [1], \"rows\": 3}", "rows"));

    /// <summary>Entries and names across the buffer's end, and one that is larger than the buffer.</summary>
    [Fact]
    public void LargeFilesAreReadInPieces()
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < 40_000; i++)
        {
            text.Append($"{{\"number\": {i}, \"text\": \"{new string('x', i % 90)}\"}},\n");
        }

        text.Append($"\"{new string('y', 3_000_000)}\"]");
        File.WriteAllText(_folder.File("f.json"), text.ToString());
        int next = 0;
        foreach (JsonEntry entry in JsonEntries.Read(_folder.File("f.json"), "f.json", (place, problem) => _problems.Add(problem)))
        {
            Assert.StartsWith($"f.json:{next + 1} ", entry.Place);
            Assert.Equal(next < 40_000 ? $"{next}" : null, entry.Value.Text("number"));
            next++;
        }

        Assert.Equal(40_001, next);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("[1,\n2,,3]", 2, "f.json:2: is not valid JSON (byte 3 of the line, behind 2 entries)")]
    [InlineData("[1\n", 1, "f.json:2: is not valid JSON (byte 1 of the line, behind 1 entry)")]
    [InlineData("[1] x", 1, "f.json:1: is not valid JSON (byte 5 of the line, behind 1 entry)")]
    [InlineData("", 0, "f.json:1: is not valid JSON (byte 1 of the line)")]
    [InlineData("7", 0, "f.json:1: is not valid JSON (byte 1 of the line)")]
    [InlineData("{\"a\": }", 0, "f.json:1: is not valid JSON (byte 7 of the line)")]
    [InlineData("{\"\\ud800\": 1}", 0, "f.json:1: has a name that is not valid Unicode")]
    public void WhatIsNoJsonIsSaidWithItsLine(string text, int entries, string problem)
    {
        Assert.Equal(entries, Read(text).Length);
        Assert.Equal([problem], _problems);
    }

    [Fact]
    public void AMissingFileIsAProblem()
    {
        Assert.Empty(JsonEntries.Read(_folder.File("none.json"), "none.json", (place, problem) => _problems.Add($"{place}: {problem}")));
        Assert.Contains("none.json: cannot be read", Assert.Single(_problems));
    }

    private string[] Read(string text, params string[] lists)
    {
        File.WriteAllText(_folder.File("f.json"), text);
        return
        [
            .. JsonEntries.Read(_folder.File("f.json"), "f.json", (place, problem) => _problems.Add($"{place}: {problem}"), lists)
                .Select(entry => $"{entry.Place} {(entry.List.Length > 0 ? $"{entry.List}|" : entry.Name)} {entry.Value.GetRawText()}"),
        ];
    }
}
