using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Text.RegularExpressions;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

public sealed class ResumeTests : IDisposable
{
    // Enough that the signal finds the run at work.
    private const int Epochs = 40;
    private const int StepsPerEpoch = EmojiSample.TrainPictures / 4;
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public ResumeTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunThatIsKilledThriceEndsInTheBitsOfAnUndisturbedOne()
    {
        string calm = _folder.File("calm");
        string killed = _folder.File("killed");
        Assert.Equal(0, Tool.Run(Train(calm)).ExitCode);
        int[] steps = [.. Enumerable.Range(0, 3).Select(kill => Random.Shared.Next((6 * kill) + 1, (6 * kill) + 6))];
        string[] more = [];
        foreach (int step in steps)
        {
            using (Process process = Tool.Start("unipt", [], Train(killed, more)))
            {
                WaitForStep(process, killed, step);
                process.Kill();
                process.WaitForExit();
                Assert.Equal(137, process.ExitCode);
            }

            more = ["--resume"];
        }

        ToolResult result = Tool.Run(Train(killed, more));

        string when = $"killed at or after the steps {string.Join(", ", steps)}";
        Assert.True(result.ExitCode == 0, $"{when}: {result.Error}");
        foreach (string file in new[] { "adapter/adapter_model.safetensors", "checkpoints/last.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(calm, file)).SequenceEqual(File.ReadAllBytes(Path.Combine(killed, file))), $"{file}, {when}");
        }

        Assert.Equal(Losses(calm), Losses(killed));
        Assert.Equal(Epochs * StepsPerEpoch, Losses(calm).Length);
    }

    [Theory]
    [InlineData("INT")] // Ctrl-C.
    [InlineData("TERM")]
    [InlineData("HUP")] // A terminal that is closed.
    public void ASignalSavesAndSaysHowToResume(string signal)
    {
        string run = _folder.File("run");
        using Process process = Tool.Start("unipt", [], Train(run));
        WaitForStep(process, run, 4);
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        ToolResult stopped = Tool.Finish(process);

        Assert.True(stopped.ExitCode == 130, $"exit code {stopped.ExitCode}: {stopped.Error}");
        Assert.DoesNotContain("   at ", stopped.Error);
        string advice = Regex.Match(stopped.Output, "unipt (train .* --resume)").Groups[1].Value;
        ToolResult resumed = Tool.Run([.. CommandLineParser.SplitCommandLine(advice)]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("continues at epoch", resumed.Output);
    }

    [Fact]
    public void AHangUpThatIsToBeIgnoredIsIgnored()
    {
        string run = _folder.File("run");
        using Process process = Tool.StartProgram("nohup", Tool.Command("unipt", Train(run)));
        WaitForStep(process, run, 4);
        using (Process kill = Process.Start("kill", ["-HUP", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        WaitForStep(process, run, Losses(run).Length + 10);
        process.Kill();
    }

    [Fact]
    public void AFinishedRunStaysAsItIsAndOneOnMovedDataGoesOn()
    {
        string run = _folder.File("run");
        string[] few = ["--set", "train.max_steps=1"];
        Assert.Equal(0, Tool.Run(Train(run, few)).ExitCode);
        string figures = File.ReadAllText(Path.Combine(run, "result.json"));

        ToolResult again = Tool.Run(Train(run, [.. few, "--resume"]));

        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("is finished; nothing was done", again.Output);
        Assert.Equal(figures, File.ReadAllText(Path.Combine(run, "result.json")));

        string moved = _folder.File("My Photos #2");
        Directory.Move(_data, moved);
        File.Delete(Path.Combine(run, "result.json"));
        ToolResult resumed = Tool.Run(Train(run, [.. few, "--resume", "--data", moved]));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains($"trains on {moved}", resumed.Output);
        Assert.DoesNotContain("nothing was done", resumed.Output);
    }

    [SmallDiskFact]
    public void ADiskThatIsReadOnlyIsTheReason()
    {
        string run = _folder.File("run");
        string[] few = ["--set", "train.max_steps=1"];
        Assert.Equal(0, Tool.Run(Train(run, few)).ExitCode);
        Assert.Equal(0, SmallDisk.RunReadOnly(run, Train(run, [.. few, "--resume"])).ExitCode);

        File.Delete(Path.Combine(run, "result.json"));

        SmallDisk.RunReadOnly(run, Train(run, [.. few, "--resume"])).AssertUserError(run, "Read-only file system");
    }

    [Fact]
    public void ThereMustBeSomethingToResumeAndItMustBeTheSameRecipe()
    {
        string run = _folder.File("run");
        Tool.Run(Train(run, "--resume")).AssertUserError(run);
        Assert.Equal(0, Tool.Run(Train(run, "--set", "train.max_steps=1")).ExitCode);
        Tool.Run(Train(run, "--resume", "--set", "seed=7")).AssertUserError(run, "seed");
    }

    private string[] Train(string run, params string[] more) => SampleTraining.Arguments(
        _data, run, ["--set", $"train.epochs={Epochs}", "--set", "train.checkpoint_every_steps=2", "--set", "train.evaluate_every_epochs=4", "--set", "train.cache=false",
            "--set", "backbones.text.architecture=bert", "--set", "backbones.text.weights=minilm_l6", "--set", "backbones.text.vocabulary=minilm_l6",
            "--set", "data.augmentation=crop_flip", "--set", "data.caption_word_drop=0.2", "--set", "task.token_drop=0.2", .. more]);

    private static void WaitForStep(Process process, string run, int step)
    {
        while (!process.HasExited && Losses(run).Length < step)
        {
            Thread.Sleep(5);
        }

        Assert.False(process.HasExited, $"the run ended before step {step}");
    }

    private static string[] Losses(string run)
    {
        string metrics = Path.Combine(run, "metrics.jsonl");
        return File.Exists(metrics) ? [.. Regex.Matches(File.ReadAllText(metrics), "\"kind\":\"step\".*?\"gradient_norm\":[^,]*").Select(match => match.Value)] : [];
    }
}
