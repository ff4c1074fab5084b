using SkiaSharp;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Tasks.VideoRetrieval.Inputs;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.VideoRetrieval.Inputs;

/// <summary>Films whose frames are of one grey each, so that it is seen which ones stand where.</summary>
public sealed class FilmFramesTests : IDisposable
{
    private const int Side = 16;
    private readonly TemporaryFolder _folder = new();
    private readonly VideoRetrievalDataOptions _options;

    public FilmFramesTests() => _options = new VideoRetrievalDataOptions { Path = _folder.FullName, ImageSize = Side, MaxFrames = 3, FrameCacheGb = 0 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FramesOfAllFilmsStandInOneList()
    {
        FilmFrames frames = Of(Film("a", [10, 20]), Film("b", [30, 40, 50, 60, 70]), Film("c", [80]));
        Assert.Equal(6, frames.Count);
        Assert.Equal([2, 3, 1], Enumerable.Range(0, 3).Select(frames.Places));
        Assert.Equal([2, 3, 4, 0, 1], frames.Of([1, 0]));
        Assert.Equal([10, 20, 30, 50, 70, 80], Greys(frames, [0, 1, 2, 3, 4, 5]));
        Assert.Equal([80, 50, 10, 50], Greys(frames, [5, 3, 0, 3]));
        Assert.Equal(50, frames.Middle(1).Pixels[0]);

        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput input = frames.Batch([4, 5], CPU);
        Assert.Equal([2, 3, Side, Side], input.Pixels.shape);
        Assert.Equal(70 / 255f, input.Pixels[0, 0, 0, 0].item<float>(), 1e-6);
    }

    /// <summary>A look at a film promised more frames than there are.</summary>
    [Fact]
    public void AFilmThatEndsEarlyLeavesPlacesEmpty()
    {
        CaptionedFilm early = Film("a", [10, 20]);
        FilmFrames frames = Of(early with { File = early.File with { Frames = 3 } }, Film("b", [30]));
        Assert.Equal(4, frames.Count);
        Assert.Equal((2, 1), (frames.Present(0), frames.Present(1)));
        Assert.Equal([10, 20, 0, 30], Greys(frames, [0, 1, 2, 3]));
    }

    [Fact]
    public void ManyThreadsReadFilmsAtOnce()
    {
        CaptionedFilm[] films = [.. Enumerable.Range(0, 40).Select(i => Film($"{i}", [(byte)(i + 1)]))];
        FilmFrames frames = Of(films);
        Parallel.For(0, 200, i =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            BackboneInput input = frames.Batch([i % 40], CPU);
            Assert.Equal(((i % 40) + 1) / 255f, input.Pixels.max().item<float>(), 1e-6);
        });
    }

    [Fact]
    public void AFailureIsSeenByWhoeverAsksAndNotKept()
    {
        CaptionedFilm film = Film("a", [10]);
        string frame = Directory.GetFiles(film.File.Path).Single();
        byte[] whole = File.ReadAllBytes(frame);
        File.WriteAllText(frame, "broken");
        FilmFrames frames = Of(film);
        Assert.Contains("is not a picture", Assert.Throws<UserException>(() => frames.Present(0)).Message);
        File.WriteAllBytes(frame, whole);
        Assert.Equal(1, frames.Present(0));
    }

    private static int[] Greys(FilmFrames frames, int[] places)
    {
        using Tensor bytes = frames.Load(places);
        return [.. bytes.ToArray<byte>().Chunk(3 * Side * Side).Select(frame => (int)frame.Distinct().Single())];
    }

    private FilmFrames Of(params CaptionedFilm[] films) => new(films, _options, new ClipReader(_options));

    private CaptionedFilm Film(string name, byte[] greys)
    {
        Directory.CreateDirectory(_folder.File(name));
        foreach ((int i, byte grey) in greys.Index())
        {
            using var bitmap = new SKBitmap(20, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
            bitmap.Erase(new SKColor(grey, grey, grey));
            using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(_folder.File(name, $"{i}.png"), png.ToArray());
        }

        return new CaptionedFilm(name, ["a film"], FilmContents.Of(_folder.File(name)), VideoFile.Open(_folder.File(name)));
    }
}
