using SkiaSharp;
using UniPT.Backbones.Media;
using UniPT.Testing;
using UniPT.Tests;

namespace UniPT.Backbones.Tests.Media;

/// <summary>Films whose every frame has a grey of its own, so that it is seen which ones were read.</summary>
public sealed class VideoFileTests : IDisposable
{
    private const int Width = 6;
    private const int Height = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [FfmpegTheory]
    [InlineData(25, 10, 1, 1, "0 10 20")] // every second
    [InlineData(30, 10, 1, 1, "0 10 20")] // the last second is whole
    [InlineData(31, 10, 1, 1, "0 10 20 30")] // and one frame of the next
    [InlineData(25, 10, 1, 2, "0 5 10 15 20")]
    [InlineData(25, 10, 1, 3, "0 3 6 10 13 16 20 23")] // a third of a second is cut to whole frames, and each begins anew
    [InlineData(31, 30000, 1001, 1, "0 29")] // 29.97, which is cut to 29
    [InlineData(3, 1, 2, 1, "0 1 2")] // slower than one a second
    public void FramesAreTakenOfEverySecond(int frames, int rate, int scale, int perSecond, string expected)
    {
        VideoFile film = VideoFile.Open(Film("a.avi", frames, rate, scale));
        var sampling = new VideoSampling(perSecond, 100);
        string read = Read(film, sampling);
        Assert.Equal(expected, read);
        Assert.Equal(frames, film.Frames);
        Assert.Equal(read.Split(' ').Length, film.Taken(sampling));
    }

    [FfmpegTheory]
    [InlineData(FrameChoice.Uniform, "0 3 6 10")]
    [InlineData(FrameChoice.Head, "0 1 2 3")]
    [InlineData(FrameChoice.Tail, "7 8 9 10")]
    public void OfManyFramesSomeAreChosen(FrameChoice choice, string expected) =>
        Assert.Equal(expected, Read(VideoFile.Open(Film("a.avi", 11, 1)), new VideoSampling(1, 4, choice)));

    /// <summary>The header of one says more frames than there are: what is evenly spaced is so among those that are there.</summary>
    [FfmpegTheory]
    [InlineData(FrameChoice.Uniform, "0 3 6 10")]
    [InlineData(FrameChoice.Head, "0 1 2 3")]
    [InlineData(FrameChoice.Tail, "7 8 9 10")]
    public void AWrongEstimateIsMendedByASecondLook(FrameChoice choice, string expected) =>
        Assert.Equal(expected, Read(VideoFile.Open(Film("a.avi", 11, 1)) with { Frames = 40 }, new VideoSampling(1, 4, choice)));

    [FfmpegFact]
    public void PixelsAreTheFilmsOwn()
    {
        byte[] frame = [.. Enumerable.Range(0, 3 * Width * Height).Select(i => (byte)(i * 3))];
        File.WriteAllBytes(_folder.File("a.avi"), UncompressedAvi.Bytes([frame], Width, Height, 1));
        RgbImage read = VideoFile.Open(_folder.File("a.avi")).Read(new VideoSampling(), image => image)[0];
        Assert.Equal((Width, Height), (read.Width, read.Height));
        Assert.Equal(frame, read.Pixels);
    }

    [FfmpegFact]
    public void ANameIsNeverAnOptionOrAProtocol()
    {
        string odd = Film("-i concat:x, y; 'z'.avi", 2, 1);
        Assert.Equal("0 1", Read(VideoFile.Open(odd), new VideoSampling()));
    }

    [FfmpegFact]
    public void WhatIsNoFilmIsRefusedByName()
    {
        File.WriteAllText(_folder.File("text.mp4"), "no film at all");
        Assert.Matches(@"text\.mp4 cannot be read by ffprobe: .*Invalid data", Refused(_folder.File("text.mp4")));
        File.WriteAllBytes(_folder.File("sound.wav"), Waves.Pcm16(Waves.Sine(400, 0.1)));
        Assert.EndsWith("sound.wav has no pictures: ffprobe finds no video in it.", Refused(_folder.File("sound.wav")));
        File.WriteAllBytes(_folder.File("empty.avi"), UncompressedAvi.Bytes([], Width, Height, 1));
        Assert.Contains("empty.avi has no frames", Refused(_folder.File("empty.avi")));
        Assert.EndsWith("none.mp4 does not exist; a film or a folder of pictures was expected.", Refused(_folder.File("none.mp4")));

        // Whole when it was looked at.
        VideoFile film = VideoFile.Open(Film("a.avi", 2, 1));
        File.WriteAllBytes(film.Path, File.ReadAllBytes(film.Path)[..220]);
        Assert.Contains("a.avi ", Assert.Throws<UserException>(() => Read(film, new VideoSampling())).Message);
    }

    [Fact]
    public void AFolderOfPicturesIsAFilmWithoutAnyProgram()
    {
        string folder = _folder.File("film");
        Directory.CreateDirectory(folder);
        for (int i = 0; i < 5; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{i}.png"), ImageFiles.Encode(SKEncodedImageFormat.Png, Width, Height, (_, _) => new SKColor((byte)(50 * i), (byte)(50 * i), (byte)(50 * i))));
        }

        File.WriteAllText(Path.Combine(folder, "readme.txt"), "no frame");
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        VideoFile film = VideoFile.Open(folder);
        Assert.Equal(5, film.Taken(new VideoSampling(3)));
        Assert.Equal("0 100 200", Read(film, new VideoSampling(1, 3), 1));
        Directory.CreateDirectory(_folder.File("none"));
        Assert.EndsWith("none is a folder without pictures; as a film it needs one at least.", Refused(_folder.File("none")));
    }

    private string Refused(string path) => Assert.Throws<UserException>(() => VideoFile.Open(path)).Message;

    /// <summary>The numbers of the frames that are read.</summary>
    private static string Read(VideoFile film, VideoSampling sampling, int grey = 5) =>
        string.Join(' ', film.Read(sampling, image => (int)Math.Round(image.Pixels.Average(value => value) / grey)));

    private string Film(string name, int frames, int rate, int scale = 1)
    {
        byte[][] greys = [.. Enumerable.Range(0, frames).Select(i => Enumerable.Repeat((byte)(5 * i), 3 * Width * Height).ToArray())];
        File.WriteAllBytes(_folder.File(name), UncompressedAvi.Bytes(greys, Width, Height, rate, scale));
        return _folder.File(name);
    }
}
