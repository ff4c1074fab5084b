using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniPT.Cli.Tests.EndToEnd;

[Collection(TrainedRunCollection.Name)]
public sealed class TrainedRunTests(TrainedRun run)
{
    [Fact]
    public void TrainingLeavesAFolderWithEverything()
    {
        Assert.True(run.Training.ExitCode == 0, run.Training.Error);
        string[] files = ["recipe.yaml", "metrics.jsonl", "result.json", "adapter/adapter_config.json", "adapter/adapter_model.safetensors"];
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(run.Folder, file)), file));
        Assert.Equal(3, Regex.Count(run.Training.Output, @"epoch \d/3"));
        Assert.DoesNotContain('\e', run.Training.Output);
    }

    [Fact]
    public void EvaluatingTheAdapterGivesTheFiguresOfTraining()
    {
        ToolResult result = Tool.Run("evaluate", run.Folder, "--json", run.Temporary.File("evaluation.json"));

        Assert.True(result.ExitCode == 0, result.Error);
        double trained = Read(run.Figures).GetProperty("test").GetProperty("rsum").GetDouble();
        Assert.Equal(trained, Read(run.Temporary.File("evaluation.json")).GetProperty("rsum").GetDouble(), 3);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"rSum {trained:f1}"), result.Output);
    }

    [Fact]
    public void SeveralAdaptersAreEvaluatedOnOnePass()
    {
        string json = run.Temporary.File("evaluations.json");
        ToolResult result = Tool.Run("evaluate", run.Folder, Path.Combine(run.Folder, "adapter"), "--json", json);

        Assert.True(result.ExitCode == 0, result.Error);
        double trained = Read(run.Figures).GetProperty("test").GetProperty("rsum").GetDouble();
        Assert.Equal(2, Regex.Count(result.Output, string.Create(CultureInfo.InvariantCulture, $"rSum {trained:f1}")));
        Assert.Equal([run.Folder, Path.Combine(run.Folder, "adapter")], Read(json).EnumerateArray().Select(one => one.GetProperty("adapter").GetString()));
        Assert.All(Read(json).EnumerateArray(), one => Assert.Equal(trained, one.GetProperty("figures").GetProperty("rsum").GetDouble(), 3));
    }

    [Fact]
    public void AnotherSplitCanBeEvaluatedAndAnUnknownOneNot()
    {
        Assert.Equal(0, Tool.Run("evaluate", run.Folder, "--split", "val").ExitCode);
        Tool.Run("evaluate", run.Folder, "--split", "dev").AssertUserError("dev", "train", "val", "test");
    }

    [Theory]
    [InlineData("runs", "recipe")]
    [InlineData("adapter", "adapter")]
    [InlineData("data", "12 pictures")]
    public void EverythingCanBeInspected(string what, string expected)
    {
        string path = what switch
        {
            "runs" => run.Folder,
            "adapter" => Path.Combine(run.Folder, "adapter"),
            _ => run.Data,
        };
        ToolResult result = Tool.Run("inspect", path);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(expected, result.Output);
    }

    [Fact]
    public void TheFolderOfARunIsNotTrainedInAgain() =>
        Tool.Run(SampleTraining.Arguments(run.Data, run.Folder)).AssertUserError(run.Folder, "--resume");

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;
}
