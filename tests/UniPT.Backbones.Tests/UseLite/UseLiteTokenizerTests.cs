using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using UniPT.Backbones.UseLite;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.UseLite;

public class UseLiteTokenizerTests
{
    private static readonly UseLiteTokenizer Tokenizer =
        UseLiteTokenizer.Open(Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json"));

    [Fact]
    public void AgreesWithEveryRecordedText()
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Golden, "use_lite-tokens.jsonl"));
        Assert.Equal(200, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument record = JsonDocument.Parse(line);
            string text = record.RootElement.GetProperty("text").GetString()!;
            int[] expected = record.RootElement.GetProperty("ids").Deserialize<int[]>()!;
            int[] ids = Tokenizer.Encode(text);
            Assert.True(expected.SequenceEqual(ids), $"{line}: [{string.Join(", ", ids)}]");
        }
    }

    [Fact]
    public void AnyTextGivesIdsOfTheVocabulary() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
            text =>
            {
                int[] ids = Tokenizer.Encode(text);
                return ids.All(id => id >= 0 && id < Tokenizer.VocabularySize)
                    && !ids.Zip(ids.Skip(1)).Any(pair => pair is (0, 0))
                    && ids.Length == 0 == (text.Length == 0);
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\uD800", new[] { 30, 0 })]
    [InlineData("\uDE00\uD83D a", new[] { 30, 0, 11 })]
    public void LoneSurrogatesAreUnknown(string text, int[] expected) => Assert.Equal(expected, Tokenizer.Encode(text));

    [Fact]
    public void LongTextIsNotCut()
    {
        string text = string.Join(' ', Enumerable.Repeat("a", 10_000));
        Assert.Equal(10_000, Tokenizer.Encode(text).Length);
    }

    [Fact]
    public void OfEqualPiecesTheLastCounts()
    {
        using var file = new TemporaryVocabulary(
            """
            [["0",0],["1",0],["2",0],["3",0],["4",0],["5",0],
            ["▁",-1],["a",-1],["▁a",-9],["a",-3],["▁a",-2]]
            """);
        Assert.Equal([10], UseLiteTokenizer.Open(file.Path).Encode("a"));
    }

    [Theory]
    [InlineData("", "is not a JSON file")]
    [InlineData("[", "is not a JSON file")]
    [InlineData("{}", "must be a JSON array of pieces, found Object")]
    [InlineData("[]", "must have 7 to 1000000 pieces, found 0")]
    [InlineData("[1,2,3,4,5,6,7]", "Entry 0 of the vocabulary")]
    [InlineData("""[["a",0],["b"],3,4,5,6,7]""", "found [\"b\"]")]
    [InlineData("""[["a","0"],2,3,4,5,6,7]""", "found [\"a\",\"0\"]")]
    [InlineData("""[["a",1e999],2,3,4,5,6,7]""", "found [\"a\",1e999]")]
    [InlineData("""[["\ud800",1],2,3,4,5,6,7]""", "Entry 0 of the vocabulary")]
    [InlineData("""[["a",1],["",1],3,4,5,6,7]""", "Entry 1 of the vocabulary")]
    public void ABadVocabularyIsRefused(string json, string reason)
    {
        using var file = new TemporaryVocabulary(json);
        UserException error = Assert.Throws<UserException>(() => UseLiteTokenizer.Open(file.Path));
        Assert.Contains(reason, error.Message);
        Assert.Contains(file.Path, error.Message);
    }

    [Fact]
    public void TooManyPiecesAreRefused()
    {
        using var file = new TemporaryVocabulary($"[{string.Join(',', Enumerable.Repeat(0, 1_000_001))}]");
        UserException error = Assert.Throws<UserException>(() => UseLiteTokenizer.Open(file.Path));
        Assert.Contains("found 1000001", error.Message);
    }

    [Fact]
    public void AMissingVocabularyIsRefused()
    {
        string missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains(missing, Assert.Throws<UserException>(() => UseLiteTokenizer.Open(missing)).Message);
        Assert.Throws<UserException>(() => UseLiteTokenizer.Open(Path.GetTempPath()));
    }

    private sealed class TemporaryVocabulary : IDisposable
    {
        public TemporaryVocabulary(string json) => File.WriteAllText(Path, json);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
