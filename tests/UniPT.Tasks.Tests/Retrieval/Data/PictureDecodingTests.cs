using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class PictureDecodingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable(UserCache.Variable);
    private readonly string _data;

    public PictureDecodingTests()
    {
        _data = EmojiSample.Write(_folder);
        Environment.SetEnvironmentVariable(UserCache.Variable, _folder.File("cache"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, _cache);
        _folder.Dispose();
    }

    [Fact]
    public void EveryBadPictureOfEverySplitIsNamedWithItsFolder()
    {
        string[] bad = [Cut("train", 0), Cut("train", 3), Cut("val", 1), Cut("test", 2)];
        string[] lines = Refusal().Split('\n');
        Assert.Equal($"Data set {_data} has 4 problems:", lines[0]);
        Assert.Equal(
            bad.Select(picture => $"  {picture}: is a PNG picture that cannot be decoded: its data is damaged or cut off.").Order(),
            lines[1..5].Order());
        Assert.Equal("Mend or remove the pictures, or leave them out with data.skip_bad: true (--skip-bad).", lines[5]);
    }

    [Fact]
    public void TheyAreLeftOutWhereThatIsAskedFor()
    {
        using ImageCaptionDataSet whole = Open(skip: true);
        Assert.Empty(whole.Notices);
        string cut = Cut("test", 2);
        File.WriteAllBytes(Path.Combine(_data, "train", Path.GetFileName(Directory.GetFiles(Path.Combine(_data, "train"), "*.png")[0])), []);
        using ImageCaptionDataSet data = Open(skip: true);
        Assert.Equal((11, 4, 5), (data.Train.Images.Count, data.Val.Images.Count, data.Test.Images.Count));
        string notice = Assert.Single(data.Notices);
        Assert.StartsWith("2 pictures of data cannot be used and are left out: train/", notice);
        Assert.Contains(cut, notice);
        Assert.NotEqual(whole.Fingerprint, data.Fingerprint);
    }

    /// <summary>Also by a process that finds the cache damaged, or cannot write it.</summary>
    [Fact]
    public void WhatWasFoundIsKeptForTheSameContents()
    {
        Cut("val", 0);
        string first = Refusal();
        string kept = Assert.Single(Directory.GetFiles(_folder.File("cache", "pictures")));
        File.WriteAllText(kept, "[]");
        Open(skip: false).Dispose();
        File.WriteAllText(kept, "[null, {]");
        Assert.Equal(first, Refusal());
        Cut("val", 1);
        Assert.NotEqual(first, Refusal());
        Assert.Equal(2, Directory.GetFiles(_folder.File("cache", "pictures")).Length);
        Environment.SetEnvironmentVariable(UserCache.Variable, "/dev/null/cache");
        Assert.Contains("has 2 problems", Refusal());
    }

    private string Refusal() => Assert.Throws<DataSetException>(() => Open(skip: false)).Message;

    private ImageCaptionDataSet Open(bool skip) => ImageCaptionDataSet.Open(_data, 1, new PictureCheck(2, skip));

    /// <summary>Cuts a picture off; returns its path below the data set.</summary>
    private string Cut(string split, int index)
    {
        string picture = Directory.GetFiles(Path.Combine(_data, split), "*.png").Order(StringComparer.Ordinal).ElementAt(index);
        File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..^1500]);
        return $"{split}/{Path.GetFileName(picture)}";
    }
}
