using System.Diagnostics;
using System.Text.Json;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Where output goes, and what of other people's text gets there.</summary>
[Collection(TrainedRunCollection.Name)]
public sealed class OutputTests(TrainedRun run)
{
    [Fact]
    public void FiguresGoIntoAPipe()
    {
        using Process process = Tool.StartProgram("bash", ["-c", "\"$@\" --json >(cat >&2) >/dev/null; wait", "bash", .. Tool.Command("unipt", ["evaluate", run.Folder])]);
        ToolResult result = Tool.Finish(process);

        using var figures = JsonDocument.Parse(result.Error);
        Assert.InRange(figures.RootElement.GetProperty("rsum").GetDouble(), 0, 600);
    }

    [Fact]
    public void FiguresGoToTheEndOfTheOutput()
    {
        ToolResult piped = Tool.Run("evaluate", run.Folder, "--json", "/dev/stdout");
        string file = run.Temporary.File("output.txt");
        using Process process = Tool.StartProgram("bash", ["-c", $"\"$@\" --json /dev/stdout >'{file}'", "bash", .. Tool.Command("unipt", ["evaluate", run.Folder])]);
        Tool.Finish(process);

        Assert.StartsWith($"{run.Folder}: test\n", piped.Output);
        Assert.EndsWith("}\n", piped.Output);
        Assert.Equal(piped.Output, File.ReadAllText(file));
    }

    [Fact]
    public void ATableInAPipeIsAsWideAsItsContent()
    {
        string[] methods = ["compare", "recipes/emoji/unipt.yaml", "--data", run.Data, "--methods", "head,layernorm", "--out", run.Temporary.File("compared"),
            "--set", "data.image_size=32", "--set", "train.max_steps=1", "--set", "train.cache=false", "--set", "threads=1"];

        // With a terminal's name, which alone made Spectre write escape codes.
        ToolResult result = Tool.RunWith(new() { ["TERM"] = "xterm-256color", ["COLUMNS"] = "20" }, methods);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.DoesNotContain('\e', result.Output);
        string[] lines = result.Output.Split('\n');
        Assert.Contains(lines, line => line.Contains("head", StringComparison.Ordinal) && line.Contains("layernorm", StringComparison.Ordinal) && line.TrimEnd().EndsWith("chance", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatCaptionsAndNamesSayDoesNotSteerTheTerminal()
    {
        string data = run.Temporary.File("hostile");
        foreach (string split in new[] { "train", "val", "test" })
        {
            Directory.CreateDirectory(Path.Combine(data, split));
            string picture = Directory.GetFiles(Path.Combine(run.Data, split), "*.png")[0];
            File.Copy(picture, Path.Combine(data, split, "a\e[2Jb.png"));
            File.WriteAllText(Path.Combine(data, split, "metadata.jsonl"), """{"file_name": "a\u001b[2Jb.png", "text": "a \u001b]0;title\u0007 \u202edog\r\nsecond"}""" + "\n");
        }

        foreach (string[] arguments in new[] { ["inspect", data], new[] { "search", run.Folder, "a dog", "--data", data } })
        {
            ToolResult result = Tool.Run(arguments);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.DoesNotContain(result.Output, character => character is '\e' or '\a' or '\r' or '\u202e');
            Assert.Contains("␛[2Jb.png", result.Output);
            Assert.Contains("␛]0;title␇ �dog␍␊second", result.Output);
        }
    }
}
