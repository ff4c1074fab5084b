using System.CommandLine.Parsing;
using UniPT.Cli.CommandLine;

namespace UniPT.Cli.Tests.CommandLine;

public sealed class InvocationTests
{
    private static readonly Verb[] Verbs = [.. Invocation.Root().Subcommands.Cast<Verb>()];

    public static TheoryData<string> Examples => [.. Verbs.SelectMany(verb => verb.Examples).Union(Invocation.Examples)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void EveryExampleOfTheHelpIsUnderstood(string example)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(example[(example.IndexOf("unipt", StringComparison.Ordinal) + 5)..])];

        Assert.Empty(Invocation.Root().Parse(words).Errors);
        Assert.Contains(words[0], Verbs.Select(verb => verb.Name));
    }

    [Fact]
    public void WithoutArgumentsItPrintsItsHelp()
    {
        ToolResult result = Tool.Run();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Examples:", result.Output);
        Assert.All(Verbs, verb => Assert.Contains($"\n  {verb.Name} ", result.Output));
        Assert.Empty(result.Error);
    }

    [Fact]
    public void EveryVerbShowsExamplesOfItself() => Assert.All(Verbs, verb =>
    {
        ToolResult result = Tool.Run(verb.Name, "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"unipt {verb.Name}", result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..]);
    });

    [Fact]
    public void VersionIsThatOfTheProject() => Assert.StartsWith("0.1.0", Tool.Run("--version").Output);

    [Fact]
    public void AnUnknownVerbIsAnsweredWithTheNearest() =>
        Tool.Run("dcotor").AssertUserError("'dcotor'", "did you mean doctor?");

    [Fact]
    public void AnUnknownVerbThatIsNearNoneGetsNoGuess()
    {
        ToolResult result = Tool.Run("cook");

        result.AssertUserError("'cook'", "unipt --help");
        Assert.DoesNotContain("did you mean", result.Error);
    }

    [Theory]
    [InlineData("--vresion", "--version")]
    [InlineData("--hlep", "--help")]
    public void AnUnknownOptionIsAnsweredWithTheNearest(string option, string meant)
    {
        Tool.Run(option).AssertUserError(option, $"did you mean {meant}?");
        Tool.Run("doctor", "--hepl").AssertUserError("unipt doctor has no option --hepl", "did you mean --help?");
    }

    [Fact]
    public void ASurplusArgumentIsNamed() => Tool.Run("doctor", "everything").AssertUserError("'everything'", "unipt doctor --help");
}
