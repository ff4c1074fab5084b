using System.Text.RegularExpressions;
using UniPT.Testing;
using UniPT.Tuning;

namespace UniPT.Cli.Tests.EndToEnd;

public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ComparesTwiceButTrainsOnce()
    {
        string data = EmojiSample.Write(_folder);
        string runs = _folder.File("runs");
        string[] arguments =
        [
            "compare", "recipes/emoji-small/unipt.yaml", "--methods", "unipt,head", "--out", runs, "--json", _folder.File("figures.json"),
            "--set", $"data.path={data}", "--set", "data.image_size=64", "--set", "threads=1", "--set", "train.max_steps=2",
        ];

        ToolResult first = Tool.Run(arguments);
        ToolResult second = Tool.Run(arguments);

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(2, Regex.Count(first.Output, "epoch 1/"));
        Assert.Equal((0, 0), (second.ExitCode, Regex.Count(second.Output, "epoch 1/")));
        Assert.Contains("rSum, of 600", second.Output);
        Assert.Contains("Quality against memory", File.ReadAllText(Path.Combine(runs, "report.html")));
        Assert.Equal(2, Regex.Count(File.ReadAllText(_folder.File("figures.json")), "\"rsum\""));
        Tool.Run("compare", "recipes/emoji-small/unipt.yaml", "--methods", "magic").AssertUserError("magic");
    }

    [Fact]
    public void AStudySharesItsRunsWithOthersThatHaveTheSameVariant()
    {
        string data = EmojiSample.Write(_folder);
        string[] more =
        [
            "--out", _folder.File("runs"), "--seeds", "1", "--json", _folder.File("figures.json"),
            "--set", $"data.path={data}", "--set", "data.image_size=64", "--set", "threads=1", "--set", "train.max_steps=1",
        ];

        ToolResult first = Tool.Run(["study", "anchor", .. more]);
        ToolResult second = Tool.Run(["study", "recipes/studies/task-vector.yaml", .. more]);

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(2, Regex.Count(first.Output, "epoch 1/"));
        Assert.Equal((0, 1), (second.ExitCode, Regex.Count(second.Output, "epoch 1/")));
        Assert.Contains("task-vector (seed 1)", second.Output);
        Assert.Contains("\"name\": \"task-vector\"", File.ReadAllText(_folder.File("figures.json")));
        Assert.Contains("mean-of-layers", File.ReadAllText(_folder.File(Path.Combine("runs", "anchor.html"))));
        Tool.Run("study", "anchors").AssertUserError("no study anchors", "did you mean anchor?");
    }

    [Fact]
    public void PlansWithoutTraining()
    {
        string data = EmojiSample.Write(_folder);
        string[] arguments = ["plan", "recipes/emoji-small/unipt.yaml", "--set", $"data.path={data}", "--set", "data.image_size=64", "--set", "threads=1"];

        ToolResult plan = Tool.Run([.. arguments, "--methods", "all", "--budget", "2GiB"]);

        Assert.True(plan.ExitCode == 0, plan.Error);
        Assert.Contains("2.00 GiB", plan.Output);
        Assert.All(TuningRegistry.Methods.Keys, method => Assert.Matches($@"(?m)^\s*{method}\s.*\d+\s*$", plan.Output));
        Tool.Run([.. arguments, "--budget", "1MiB"]).AssertUserError("does not fit into 1.00 MiB", "for weights");
        Tool.Run([.. arguments, "--budget", "plenty"]).AssertUserError("plenty", "2GiB");
    }
}
