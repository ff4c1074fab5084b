using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class KeptChecksumsTests : IDisposable
{
    private static readonly DateTime Then = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable(UserCache.Variable);

    public KeptChecksumsTests()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, _folder.File("cache"));
        Directory.CreateDirectory(_folder.File("data"));
        Write("a.png", "first");
        Write("b.png", "second");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, _cache);
        _folder.Dispose();
    }

    /// <summary>A file whose size and time stay is not read again, which is seen by its contents being others.</summary>
    [Fact]
    public void WhatIsAsItWasIsNotReadAgain()
    {
        Dictionary<string, Content> before = Read();
        Write("a.png", "other");
        Assert.Equal(before, Read());
        File.SetLastWriteTimeUtc(_folder.File("data", "a.png"), Then.AddSeconds(1));
        Assert.NotEqual(before["a.png"], Read()["a.png"]);
        Write("b.png", "longer than before");
        Assert.NotEqual(before["b.png"], Read()["b.png"]);
    }

    [Fact]
    public void WhatWasChangedJustNowIsReadAgain()
    {
        File.SetLastWriteTimeUtc(_folder.File("data", "a.png"), DateTime.UtcNow);
        DateTime changed = File.GetLastWriteTimeUtc(_folder.File("data", "a.png"));
        Content before = Read()["a.png"];
        Write("a.png", "other");
        File.SetLastWriteTimeUtc(_folder.File("data", "a.png"), changed);
        Assert.NotEqual(before, Read()["a.png"]);
    }

    [Fact]
    public void ADamagedOrImpossibleCacheChangesNothing()
    {
        Dictionary<string, Content> before = Read();
        string kept = Assert.Single(Directory.GetFiles(_folder.File("cache", "checksums")));
        File.WriteAllBytes(kept, [255, 255, 255, 127, 3]);
        Write("a.png", "other");
        Assert.NotEqual(before["a.png"], Read()["a.png"]);
        Environment.SetEnvironmentVariable(UserCache.Variable, "/dev/null/cache");
        Assert.Equal(2, Read().Count);
    }

    [Fact]
    public void OfAFewPicturesNothingIsKept()
    {
        using DataSetFiles files = DataSetFiles.Open(_folder.File("data"), new DataSetProblems());
        PictureContents.Read(files, ["a.png", "b.png"]);
        Assert.False(Directory.Exists(_folder.File("cache", "checksums")));
    }

    private Dictionary<string, Content> Read()
    {
        using DataSetFiles files = DataSetFiles.Open(_folder.File("data"), new DataSetProblems());
        return PictureContents.Read(files, ["a.png", "b.png"], keepFrom: 2).Contents;
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(_folder.File("data", name), text);
        File.SetLastWriteTimeUtc(_folder.File("data", name), Then);
    }
}
