namespace UniPT.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public void SaysWhatIsThere()
    {
        ToolResult result = Tool.Run("doctor");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        string[] subjects = ["system", "processor", "memory", "disk", "ICU", "TorchSharp", "libtorch", "CUDA", "bfloat16", "memory of tensors", "threads", "model"];
        Assert.All(subjects, subject => Assert.Contains($" {subject} ", result.Output));
        Assert.DoesNotContain("MISSING", result.Output);
    }

    [Fact]
    public void SaysWhatIsMissingAndHowToGetIt()
    {
        ToolResult result = Tool.RunWith(new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }, "doctor");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("MISSING  ICU", result.Output);
        Assert.Contains("unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", result.Output);
    }
}
