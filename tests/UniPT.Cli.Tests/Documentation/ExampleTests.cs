using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPT.Cli.Tests.Documentation;

public sealed class ExampleTests
{
    [Fact]
    public void OwnLoopLearns()
    {
        ToolResult result = Tool.RunProgram("OwnLoop", []);

        Assert.True(result.ExitCode == 0, result.Error);
        double[] losses = [.. Regex.Matches(result.Output, @"loss ([0-9.]+)").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(30, losses.Length);
        Assert.True(losses[^5..].Average() < 0.5 * losses[..5].Average(), result.Output);
    }
}
