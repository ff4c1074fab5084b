using System.Text;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Tests.Shared.Tables;

public sealed class JsonListsTests
{
    private readonly DataSetProblems _problems = new();
    private readonly List<(string Place, string? Name, long? Number, double[]? Row, double[][]? Rows)> _seen = [];

    [Fact]
    public void EntriesComeOneAfterTheOtherWithTheirPlaces()
    {
        IReadOnlySet<string> found = Read("""
            {"info": {"a": [1, {"b": 2}]}, "more": [{"name": "x"}],
             "a": [{"name": "first", "id": 3, "row": [1, 2.5], "rows": [[0, 3], []]},

                {"name": 5, "id": 3.5, "row": [1, "2"], "rows": [1]}, 7],
             "b": []
            }
            """);
        Assert.Equal(["a", "b"], found.Order());
        Assert.Equal(["f.json:2 a[0]", "f.json:4 a[1]", "f.json:4 a[2]"], _seen.Select(entry => entry.Place));
        Assert.Equal(("first", 3L), (_seen[0].Name, _seen[0].Number));
        Assert.Equal([1, 2.5], _seen[0].Row!);
        Assert.Equal([[0, 3], []], _seen[0].Rows!);
        Assert.All(_seen[1..], entry => Assert.Equal((null, null, null, null), (entry.Name, entry.Number, entry.Row, entry.Rows)));
        Assert.False(_problems.Any);
    }

    [Fact]
    public void AMarkInFrontAndEscapedNamesAreRead() => Assert.Equal(["a"], Read("\uFEFF{\"\\u0061\": [{\"name\": \"\\ud800\"}]}"));

    [Theory]
    [InlineData("{\"a\": [1,\n2", "f.json:2: is not valid JSON, or not all of it is there (byte ")]
    [InlineData("{\"a\": []} {", "f.json:1: is not valid JSON")]
    [InlineData("{\"a\": [{\"b\": ]}", "f.json:1: is not valid JSON")]
    [InlineData("3", "f.json: is no JSON object with the lists a and b")]
    [InlineData("{\"a\": {\"b\": 1}}", "f.json:1: a is no list")]
    public void WhatIsBrokenIsSaidWithItsLine(string json, string problem)
    {
        Read(json);
        Assert.Contains(problem, Assert.Throws<DataSetException>(() => _problems.ThrowIfAny("set")).Message);
    }

    private IReadOnlySet<string> Read(string json) => JsonLists.Read("f.json", Encoding.UTF8.GetBytes(json), _problems, new Dictionary<string, Action<JsonEntry>>
    {
        ["a"] = entry => _seen.Add((entry.Place, entry.Text("name"), entry.Whole("id"), entry.Numbers("row"), entry.Rows("rows"))),
        ["b"] = _ => { },
    });
}
