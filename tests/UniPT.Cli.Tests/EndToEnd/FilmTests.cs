using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Films from a folder to what is found among them.</summary>
public sealed class FilmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilmsAreFoundAndShownByAFrame()
    {
        string recipe = VideoRetrievalSample.Write(_folder.FullName, VideoLayout.Msvd, files: false);
        string run = _folder.File("run");
        ToolResult trained = Tool.Run("train", recipe, "--out", run, "--set", "train.max_steps=2");
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains("(MSVD): train 10 films, 30 captions from train_list.txt, val 3 films, 9 captions from val_list.txt, test 5 films, 15 captions from test_list.txt.", trained.Output + trained.Error);

        ToolResult found = Tool.Run("search", run, "a red circle moves left", "--top", "2", "--html", _folder.File("found.html"));
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.Equal(2, found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("aB-c_")));
        string page = File.ReadAllText(_folder.File("found.html"));
        Assert.Contains("the 2 best films.", page);
        Assert.Contains("data:image/png;base64,", page);

        string picture = Directory.GetFiles(_folder.File("data", "Compress_Videos", VideoRetrievalSample.IdOf(14, VideoLayout.Msvd)))[0];
        Assert.Contains("aB-c_", Tool.Run("search", run, "--picture", picture, "--top", "1").Output);
        Assert.Contains("aB-c_", Tool.Run("predict", run, "--text", "a red circle moves left").Output);
    }

    [Fact]
    public void InspectSaysWhatTheFilmsAre()
    {
        VideoRetrievalSample.Write(_folder.FullName, VideoLayout.MsrVtt, files: false);
        ToolResult result = Tool.Run("inspect", _folder.File("data"));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("is a data set of films and captions for the task video_retrieval (MSR-VTT):", result.Output);
        Assert.Contains("test   5 films, 5 captions, from MSRVTT_JSFUSION_test.csv", result.Output);
        File.WriteAllText(_folder.File("data", "MSRVTT_data.json"), "{");
        ToolResult broken = Tool.Run("inspect", _folder.File("data"));
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("MSRVTT_data.json:1: is not valid JSON", broken.Error);
    }
}
