namespace UniPT.Cli.Tests;

/// <summary>How a run of the tool ended and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts the way bad input is answered: exit code 2, one sentence on the error stream, no stack trace.</summary>
    internal void AssertUserError(params string[] parts)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}");
        Assert.Equal(1, Error.Count(character => character == '\n'));
        Assert.StartsWith("unipt: ", Error);
        Assert.DoesNotContain('\e', Error);
        Assert.All(parts, part => Assert.Contains(part, Error));
    }
}
