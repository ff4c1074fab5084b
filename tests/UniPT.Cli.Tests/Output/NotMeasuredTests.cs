using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Tests.EndToEnd;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Cli.Tests.Output;

/// <summary>What the verbs print where libtorch cannot be observed.</summary>
public sealed class NotMeasuredTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public NotMeasuredTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TrainSaysIt()
    {
        string output = await Run(SampleTraining.Arguments(_data, _folder.File("run"), "--set", "train.epochs=1", "--json", _folder.File("figures.json")));

        Assert.Contains("tensors of a step: not measured;", output);
        Assert.Contains("\"peak\": null", File.ReadAllText(_folder.File("figures.json")));
    }

    [Fact]
    public async Task PlanSaysIt()
    {
        string[] words = ["plan", "recipes/emoji-small/unipt.yaml", "--budget", "2GiB", "--json", _folder.File("plan.json"), .. SampleTraining.Arguments(_data, "")[4..]];
        string output = await Run(words);

        // Activations, the sum and the batch.
        string row = output.Split('\n').Single(line => line.Contains("unipt"));
        Assert.Equal(3, row.Split("not measured").Length - 1);
        Assert.DoesNotContain("0 bytes", output);
        Assert.Contains("\"activations\": null", File.ReadAllText(_folder.File("plan.json")));
    }

    [Fact]
    public async Task CompareSaysIt()
    {
        string[] words = ["compare", "recipes/emoji-small/unipt.yaml", "--methods", "head,unipt", "--out", _folder.File("runs"), .. SampleTraining.Arguments(_data, "")[4..], "--set", "train.epochs=1"];
        string output = await Run(words);

        Assert.Matches(@"Tensors in all +not measured +not measured", output);
        Assert.Contains("Least memory of a training step: not measured;", output);
        Assert.DoesNotContain("0 bytes", output);
        Assert.Contains("Memory was not measured for", File.ReadAllText(_folder.File("runs", "report.html")));
    }

    /// <summary>Runs the tool in this process, from the repository's root.</summary>
    private static async Task<string> Run(string[] arguments)
    {
        (TextWriter console, IAnsiConsole terminal) = (Console.Out, AnsiConsole.Console);
        string folder = Directory.GetCurrentDirectory();
        using var output = new StringWriter();
        using IDisposable hidden = TensorMemory.Hide();
        try
        {
            Console.SetOut(output);
            AnsiConsole.Console = AnsiConsole.Create(
                new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
            AnsiConsole.Profile.Width = 200;
            Directory.SetCurrentDirectory(RepositoryPaths.Root);
            Assert.Equal(0, await Invocation.RunAsync(arguments));
        }
        finally
        {
            Console.SetOut(console);
            AnsiConsole.Console = terminal;
            Directory.SetCurrentDirectory(folder);
        }

        return output.ToString();
    }
}
