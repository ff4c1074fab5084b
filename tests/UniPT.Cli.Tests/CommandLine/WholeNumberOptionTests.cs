using System.CommandLine;
using UniPT.Cli.CommandLine;

namespace UniPT.Cli.Tests.CommandLine;

public sealed class WholeNumberOptionTests
{
    private readonly WholeNumberOption _option = new("--top", "", 5, 1, 100);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    public void TakesTheRange(string text, int value) => Assert.Equal(value, Parse("--top", text).GetValue(_option));

    [Fact]
    public void HasADefault() => Assert.Equal(5, Parse().GetValue(_option));

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public void SaysWhatWasExpectedAndFound(string text)
    {
        ParseResult result = Parse($"--top={text}");

        Assert.Equal($"--top is {text}, expected a whole number from 1 to 100", Assert.Single(result.Errors).Message);
    }

    private ParseResult Parse(params string[] words) => new RootCommand { _option }.Parse(words);
}
