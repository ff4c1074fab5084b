using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using UniPT.Cli.CommandLine;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Documentation;

public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md"));

    [Fact]
    public void ItsCodeIsThatOfTheExamplesWhichAreCompiled()
    {
        string[] examples = [.. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "examples"), "Program.cs", SearchOption.AllDirectories)];
        string[] blocks = [.. Regex.Matches(Readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(block, examples.Select(File.ReadAllText)));
        Assert.All(examples, example => Assert.Contains($"({Path.GetRelativePath(RepositoryPaths.Root, example)})", Readme));
    }

    [Fact]
    public void ItsCommandsAreUnderstood()
    {
        string[] commands = [.. Regex.Matches(Readme, @"^    \./unipt (.*?)\s*(#.*)?$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Empty(Invocation.Root().Parse([.. CommandLineParser.SplitCommandLine(command)]).Errors));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void FilesThatAreLinkedExist(string document)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, document));
        string[] links = [.. Regex.Matches(text, @"\]\((?!http|#)([^)#]+)").Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(RepositoryPaths.Root, link)), link));
    }
}
