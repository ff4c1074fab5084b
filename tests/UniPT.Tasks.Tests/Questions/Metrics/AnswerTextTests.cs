using UniPT.Tasks.Questions.Metrics;

namespace UniPT.Tasks.Tests.Questions.Metrics;

public sealed class AnswerTextTests
{
    /// <summary>What VQAv2's evaluation makes of them, by hand from its rules.</summary>
    [Theory]
    [InlineData("The Red Ball.", "red ball")]
    [InlineData("two", "2")]
    [InlineData("None", "0")]
    [InlineData("dont know", "don't know")]
    [InlineData("a man", "man")]
    [InlineData("1,000", "1000")] // a number's comma is dropped, and with it every mark
    [InlineData("t-shirt", "t shirt")]
    [InlineData("red, white", "red white")] // a mark beside a space is dropped
    [InlineData("red,white", "red white")]
    [InlineData("yes/no - maybe", "yes no maybe")]
    [InlineData("1.5", "1.5")]
    [InlineData("3.", "3")]
    [InlineData(".5 a", ".5")]
    [InlineData("u.s.", "us")]
    [InlineData("  it's\tan\nowl ", "it's owl")]
    [InlineData("somebody'd", "somebodyd")] // an oddity of the official table
    [InlineData("IM", "im")] // its capitals never match small letters
    [InlineData("", "")]
    public void AnswersInNormalForm(string answer, string normal) => Assert.Equal(normal, AnswerText.Normal(answer));

    [Fact]
    public void TheTableHasNoCommas() => Assert.Equal("12", AnswerText.ForTable("1,2"));
}
