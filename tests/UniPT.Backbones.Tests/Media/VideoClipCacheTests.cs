using UniPT.Backbones.Media;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Media;

public sealed class VideoClipCacheTests : IDisposable
{
    private const int Side = 32;
    private const int ClipBytes = 3 * Side * Side;
    private readonly TemporaryFolder _folder = new();
    private int _made;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AClipIsMadeOnce()
    {
        VideoClip made = Get(new VideoClipCache(_folder.File("kept"), 1 << 20), "a");
        VideoClip kept = Get(new VideoClipCache(_folder.File("kept"), 1 << 20), "a");
        Assert.Equal(1, _made);
        Assert.Equal((made.Frames, made.Side), (kept.Frames, kept.Side));
        Assert.Equal(made.Pixels, kept.Pixels);
        Get(new VideoClipCache(_folder.File("kept"), 0), "a");
        Get(new VideoClipCache(null, 1 << 20), "a");
        Assert.Equal(3, _made);
    }

    [Fact]
    public void ADamagedFileIsMadeAnew()
    {
        Get(new VideoClipCache(_folder.FullName, 1 << 20), "a");
        string file = Directory.GetFiles(_folder.FullName).Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        var cache = new VideoClipCache(_folder.FullName, 1 << 20);
        Get(cache, "a");
        Get(cache, "a");
        Assert.Equal(2, _made);
    }

    /// <summary>What was used long ago goes first; what this process uses stays, and then nothing more is kept.</summary>
    [Fact]
    public void TheFolderIsBounded()
    {
        const int Most = (2 * ClipBytes) + 500;
        foreach (string key in (string[])["old", "older"])
        {
            Get(new VideoClipCache(_folder.FullName, 1 << 20), key);
            File.SetLastWriteTimeUtc(_folder.File($"{key}.safetensors"), DateTime.UtcNow.AddDays(key == "old" ? -1 : -2));
        }

        var cache = new VideoClipCache(_folder.FullName, Most);
        Get(cache, "new");
        Assert.Equal(["new", "old"], Keys());
        Get(cache, "old");
        Get(cache, "more");
        Assert.Equal(["new", "old"], Keys());
    }

    private string[] Keys() => [.. Directory.GetFiles(_folder.FullName).Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    private VideoClip Get(VideoClipCache cache, string key) => cache.Get(key, () =>
    {
        _made++;
        return new VideoClip(1, Side, [.. Enumerable.Range(0, ClipBytes).Select(i => (byte)i)]);
    });
}
