using UniPT.Cli.CommandLine;

namespace UniPT.Cli.Tests.CommandLine;

public sealed class ShellWordsTests
{
    [Fact]
    public void QuotesWhatAShellWouldChange() => Assert.Equal(
        "unipt train a.yaml --set 'train.step_epochs=[1,2]' 'my pictures' 'it'\\''s' ''",
        ShellWords.Join(["unipt", "train", "a.yaml", "--set", "train.step_epochs=[1,2]", "my pictures", "it's", ""]));
}
