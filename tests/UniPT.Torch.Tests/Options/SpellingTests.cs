namespace UniPT.Torch.Tests.Options;

public sealed class SpellingTests
{
    private static readonly string[] Names = ["compare", "evaluate", "search", "train", "batch_size", "beta1", "beta2"];

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("evalute", "evaluate")]
    [InlineData("serch", "search")]
    [InlineData("compares", "compare")]
    [InlineData("batch-size", "batch_size")]
    [InlineData("beta", "beta1")]
    public void FindsTheNearest(string typed, string meant) => Assert.Equal(meant, Spelling.Nearest(typed, Names));

    [Theory]
    [InlineData("cook")]
    [InlineData("")]
    public void GuessesNothingFarAway(string typed) => Assert.Null(Spelling.Nearest(typed, Names));

    [Fact]
    public void NothingIsNearestAmongNone() => Assert.Null(Spelling.Nearest("train", []));
}
