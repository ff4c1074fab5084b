using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Data sets as people have them: used as they are marked, or refused before anything is written.</summary>
public sealed class DataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public DataSetTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    /// <summary>A README beside the folder with the splits once made test pictures training pictures.</summary>
    [Fact]
    public void NestedSplitsAreUsedAndSaid()
    {
        string outer = _folder.File("outer");
        Directory.CreateDirectory(outer);
        Directory.Move(_data, Path.Combine(outer, "photos"));
        File.WriteAllText(Path.Combine(outer, "README.md"), "About.");
        ToolResult inspected = Tool.Run("inspect", outer);
        Assert.Matches("train +12 pictures, +60 captions  from photos/train/", inspected.Output);
        Assert.Matches("test +6 pictures, +30 captions  from photos/test/", inspected.Output);
        ToolResult trained = Tool.Run(SampleTraining.Arguments(outer, _folder.File("run"), "--set", "train.max_steps=1"));
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("train 12 pictures from photos/train/, val 4 pictures from photos/val/, test 6 pictures from photos/test/.", trained.Output + trained.Error);
    }

    [Fact]
    public void ACutOffTestPictureIsNamedBeforeTheRunOrLeftOut()
    {
        string picture = Directory.GetFiles(Path.Combine(_data, "test"), "*.png").Order(StringComparer.Ordinal).First();
        File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..^1000]);
        string run = _folder.File("run");
        string named = $"test/{Path.GetFileName(picture)}";
        foreach (ToolResult refused in new[] { Tool.Run(SampleTraining.Arguments(_data, run)), Tool.Run("inspect", _data) })
        {
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains($"{named}: is a PNG picture that cannot be decoded", refused.Error);
            Assert.Contains("--skip-bad", refused.Error);
            Assert.DoesNotContain("   at ", refused.Error);
        }

        Assert.False(Directory.Exists(run));
        Assert.Contains($"1 picture of data cannot be used and is left out: {named}.", Tool.Run("inspect", _data, "--skip-bad").Output);
        ToolResult trained = Tool.Run(SampleTraining.Arguments(_data, run, "--skip-bad", "--set", "train.max_steps=1"));
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains($"1 picture of data cannot be used and is left out: {named}.", trained.Output + trained.Error);
        Assert.Contains("skip_bad: true", File.ReadAllText(Path.Combine(run, "recipe.yaml")));
        Assert.Equal(0, Tool.Run("evaluate", run).ExitCode);
        Assert.Contains(named, Tool.Run("search", run, "a face").Error);
    }

    [Fact]
    public void WithoutValAPartOfTrainIsHeldOut()
    {
        Directory.Delete(Path.Combine(_data, "val"), recursive: true);
        ToolResult trained = Tool.Run(SampleTraining.Arguments(_data, _folder.File("run"), "--set", "train.max_steps=1"));
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("data has no pictures for val; 1 of train are held out for it, always the same.", trained.Output + trained.Error);
        Assert.Contains("test rSum", trained.Output);
    }

    [Fact]
    public void ASinglePictureIsRefusedAndLeavesNothing()
    {
        string one = _folder.File("one");
        Directory.CreateDirectory(one);
        File.Copy(Directory.GetFiles(Path.Combine(_data, "train"), "*.png")[0], Path.Combine(one, "a.png"));
        File.WriteAllText(Path.Combine(one, "a.txt"), "a picture");
        string run = _folder.File("run");
        Tool.Run(SampleTraining.Arguments(one, run)).AssertUserError(one, "at least 2 pictures are needed");
        Assert.False(Directory.Exists(run));
    }
}
