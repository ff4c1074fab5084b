using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

[Collection(TrainedRunCollection.Name)]
public sealed class AdapterTests(TrainedRun run)
{
    private const string Weights = "adapter_model.safetensors";
    private const string Config = "adapter_config.json";

    [Fact]
    public void AMissingAdapterIsNamed() => Tool.Run("evaluate", "no/such/adapter").AssertUserError("no/such/adapter");

    [Fact]
    public void AFolderMayBeRelative()
    {
        ToolResult result = Tool.Run("inspect", Path.Combine("tests", "fixtures", "adapters", "unipt"));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("is an adapter: unipt for retrieval", result.Output);
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData(Config)]
    public void AMissingFileIsNamed(string file) => Refused(file, File.Delete);

    [Theory]
    [InlineData(Weights)]
    [InlineData(Config)]
    public void AnEmptyFileIsNamed(string file) => Refused(file, path => File.WriteAllText(path, ""));

    [Theory]
    [InlineData(Weights)]
    [InlineData(Config)]
    public void ATruncatedFileIsNamed(string file) => Refused(file, path =>
    {
        using FileStream stream = File.OpenWrite(path);
        stream.SetLength(stream.Length / 2);
    });

    [Fact]
    public void ChangedWeightsAreNoticed() => Refused(Weights, path => Increment(path, 1000));

    [Fact]
    public void ChangedPreprocessingIsNoticed() => Refused(Config, path =>
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"image_size\": \"64\"", "\"image_size\": \"96\"")));

    [Fact]
    public void OtherBackboneWeightsAreNoticed()
    {
        string models = run.Temporary.File("models");
        Directory.CreateDirectory(models);
        foreach (string file in Directory.GetFiles(RepositoryPaths.Models))
        {
            File.Copy(file, Path.Combine(models, Path.GetFileName(file)));
        }

        Assert.Equal(0, Tool.Run("evaluate", run.Folder, "--models", models).ExitCode);
        Increment(Path.Combine(models, "mobilenet_v2.safetensors"), 1001);
        Tool.Run("evaluate", run.Folder, "--models", models).AssertUserError("mobilenet_v2");
    }

    private void Refused(string file, Action<string> spoil)
    {
        string adapter = run.CopyAdapter();
        Assert.Equal(0, Tool.Run("evaluate", adapter).ExitCode);
        spoil(Path.Combine(adapter, file));
        Tool.Run("evaluate", adapter).AssertUserError(Path.GetFileName(adapter));
    }

    private static void Increment(string path, int fromEnd)
    {
        using FileStream stream = File.Open(path, FileMode.Open);
        stream.Seek(-fromEnd, SeekOrigin.End);
        int old = stream.ReadByte();
        stream.Seek(-fromEnd, SeekOrigin.End);
        stream.WriteByte((byte)(old + 1));
    }
}
