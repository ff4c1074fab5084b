using System.Globalization;
using System.Text.RegularExpressions;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Documentation;

public sealed class ExampleTests
{
    private const string Script = "tests/fixtures/torchscript/encoder.pt";

    [Fact]
    public void OwnLoopLearns() => Learns("OwnLoop");

    [Fact]
    public void OwnModuleLearnsAndIsLoaded()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("loaded: differs by 0.0000", Learns("OwnModule", folder.File("adapter")));
        Assert.True(File.Exists(folder.File("adapter", "adapter_config.json")));
    }

    [Fact]
    public void OwnScriptLearnsAndIsLoaded()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("loaded: differs by 0.0000", Learns("OwnScript", Script, folder.File("adapter")));
        Assert.True(File.Exists(folder.File("adapter", "adapter_config.json")));
    }

    private static string Learns(string example, params string[] arguments)
    {
        ToolResult result = Tool.RunProgram(example, [], arguments);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(result.Error);
        double[] losses = [.. Regex.Matches(result.Output, @"loss ([0-9.]+)").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(30, losses.Length);
        Assert.True(losses[^5..].Average() < 0.5 * losses[..5].Average(), result.Output);
        return result.Output;
    }
}
