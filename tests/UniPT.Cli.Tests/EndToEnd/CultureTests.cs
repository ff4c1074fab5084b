using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>The tool's output does not depend on the machine's language.</summary>
public class CultureTests
{
    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public void AnInspectionIsTheSame(string locale)
    {
        string data = Path.Combine(RepositoryPaths.Data, "emoji-noto.zip");
        ToolResult result = Tool.RunWith(new() { ["LC_ALL"] = locale }, "inspect", data);
        Assert.Contains("1,311 pictures", result.Output);
        Assert.Equal(Tool.Run("inspect", data).Output, result.Output);
    }

    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public void ErrorsAreTheSame(string locale)
    {
        string[] wrong = ["train", "recipes/emoji-small/unipt.yaml", "--set", "train.learning_rate=0,5"];
        ToolResult result = Tool.RunWith(new() { ["LC_ALL"] = locale }, wrong);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(Tool.Run(wrong).Error, result.Error);
    }
}
