using UniPT.Backbones.Media;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Media;

/// <summary>What becomes of programs and their output, with scripts in the place of ffmpeg and ffprobe.</summary>
public sealed class VideoProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FramesComeThroughAPipe()
    {
        Fake("ffprobe", """echo '{"streams": [{"nb_read_packets": "3", "r_frame_rate": "1/1", "avg_frame_rate": "1/1"}], "format": {"duration": "3.0"}}'""");
        Fake("ffmpeg", """printf 'P6\n2 1\n255\nabcdef'; printf 'P6 1 2 255\nABCDEF'; echo 'a warning' >&2""");
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        VideoFile film = VideoFile.Open(Film());
        Assert.Equal(("1/1", 3), (film.Rate, film.Frames));
        IReadOnlyList<RgbImage> frames = film.Read(new VideoSampling(), image => image);
        Assert.Equal([(2, 1), (1, 2)], frames.Select(frame => (frame.Width, frame.Height)));
        Assert.Equal("abcdef"u8.ToArray(), frames[0].Pixels);
        Assert.Equal("ABCDEF"u8.ToArray(), frames[1].Pixels);
    }

    [Theory]
    [InlineData("""{"r_frame_rate": "25/1", "avg_frame_rate": "25/1", "nb_read_packets": "70", "duration": "9"}""", "25/1", 70)] // regular: the frames themselves
    [InlineData("""{"r_frame_rate": "60/1", "avg_frame_rate": "5/1", "nb_read_packets": "20", "duration": "4"}""", "60/1", 240)] // irregular: those that are shown
    [InlineData("""{"r_frame_rate": "1000/1", "avg_frame_rate": "30/1", "nb_read_packets": "60", "duration": "2"}""", "30/1", 60)] // a rate that is the clock's
    [InlineData("""{"r_frame_rate": "0/0", "avg_frame_rate": "24/1", "nb_read_packets": "48"}""", "24/1", 48)]
    public void TheRateIsTheOneThatPlayersTake(string stream, string rate, int frames)
    {
        VideoFile film = Probed("""{"streams": [STREAM], "format": {}}""".Replace("STREAM", stream));
        Assert.Equal((rate, frames), (film.Rate, film.Frames));
    }

    [Theory]
    [InlineData("""{"streams": []}""", "has no pictures: ffprobe finds no video in it.")]
    [InlineData("""{"streams": [{"r_frame_rate": "25/1", "avg_frame_rate": "25/1", "nb_read_packets": "0"}]}""", "has no frames: ffprobe counts 0 at 25/1 a second.")]
    [InlineData("""{"streams": [{"r_frame_rate": "0/0", "avg_frame_rate": "0/0", "nb_read_packets": "5"}]}""", "has no frames: ffprobe counts 5 at 0/0 a second.")]
    [InlineData("no JSON", "cannot be read: what ffprobe says of it is not understood.")]
    [InlineData("""{"streams": 5}""", "cannot be read: what ffprobe says of it is not understood.")]
    public void OddAnswersAreRefused(string answer, string sentence) =>
        Assert.EndsWith($"film.mp4 {sentence}", Assert.Throws<UserException>(() => Probed(answer)).Message);

    [Theory]
    [InlineData("printf 'P5\\n1 1\\n255\\na'", "film.mp4 cannot be read: what ffmpeg gives for it are no frames.")]
    [InlineData("printf 'P6\\n1 1\\n65535\\nab'", "film.mp4 has frames of 1 × 1 pixels with values to 65535;")]
    [InlineData("printf 'P6\\n99999 99999\\n255\\nab'", "film.mp4 has frames of 99999 × 99999 pixels")]
    [InlineData("printf 'P6\\n2 1\\n255\\nab'", "film.mp4 has no frame that can be decoded.")] // cut off amid the first
    [InlineData("printf 'P6\\n1 1\\n255\\nabc'; echo 'it broke' >&2; echo 'here.' >&2; exit 3", "film.mp4 cannot be read by ffmpeg: it broke; here.")]
    public void OddFramesAreRefused(string script, string sentence)
    {
        Fake("ffmpeg", script);
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.Contains(sentence, Assert.Throws<UserException>(() => Read()).Message);
    }

    [Fact]
    public void AMissingProgramIsNamed()
    {
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.StartsWith("Films are read by the programs ffmpeg and ffprobe, of which ffmpeg is not on the PATH; install them", Assert.Throws<UserException>(() => Read()).Message);
        Assert.Contains("of which ffprobe is not", Assert.Throws<UserException>(() => VideoFile.Open(Film())).Message);
    }

    [Fact]
    public void AProgramThatHangsIsEnded()
    {
        Fake("ffmpeg", $"echo $$ > {_folder.File("pid")}; printf 'P6\\n'; exec /bin/sleep 600");
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Throws<OperationCanceledException>(() => Read(cancelled.Token));
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_folder.File("pid")).Trim()}/task"));
        Assert.Contains(
            "film.mp4 takes ffmpeg more than 0.2 seconds",
            Assert.Throws<UserException>(() => VideoProgram.Run("ffmpeg", [], "film.mp4", stream => (stream.ReadAtLeast(new byte[100], 100, false), false), TimeSpan.FromSeconds(0.2))).Message);
    }

    /// <summary>Ctrl-C in a terminal reaches ffmpeg too.</summary>
    [Fact]
    public void AnInterruptedProgramRunsAgain()
    {
        string again = $"printf 'P6\\n1 1\\n255\\nabc'; if [ -e {_folder.File("again")} ]; then exit 0; fi; : > {_folder.File("again")}; exit 255";
        Fake("ffmpeg", again);
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.Equal(1, Read());
        Fake("ffmpeg", "exit 255");
        Assert.EndsWith("film.mp4 cannot be read by ffmpeg.", Assert.Throws<UserException>(() => Read()).Message);
    }

    /// <summary>Nobody waits for the rest of a long film of which the first frames are enough.</summary>
    [Fact]
    public void TheHeadOfAFilmIsEnough()
    {
        Fake("ffmpeg", "while :; do printf 'P6\\n1 1\\n255\\nabc'; done");
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.Equal(2, new VideoFile { Path = Film(), Rate = "1/1", Frames = 100 }.Read(new VideoSampling(1, 2, FrameChoice.Head), image => image).Count);
    }

    private int Read(CancellationToken cancellation = default) =>
        new VideoFile { Path = Film(), Rate = "1/1", Frames = 2 }.Read(new VideoSampling(), image => image, cancellation).Count;

    private VideoFile Probed(string answer)
    {
        File.WriteAllText(_folder.File("answer"), answer);
        Fake("ffprobe", $"/bin/cat {_folder.File("answer")}");
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        return VideoFile.Open(Film());
    }

    private string Film()
    {
        File.WriteAllText(_folder.File("film.mp4"), "read by nobody");
        return _folder.File("film.mp4");
    }

    private void Fake(string program, string script)
    {
        string file = _folder.File(program);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
