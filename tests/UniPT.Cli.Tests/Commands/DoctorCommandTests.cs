namespace UniPT.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public void SaysWhatIsThere()
    {
        ToolResult result = Tool.Run("doctor");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        string[] subjects = ["system", "processor", "memory", "disk", "bridge", "libtorch", "CUDA", "BLAS", "threads", "FFmpeg", "model"];
        Assert.All(subjects, subject => Assert.Contains($" {subject} ", result.Output));
        Assert.DoesNotContain("MISSING", result.Output);
    }

    [Fact]
    public void SaysWhatIsMissingAndHowToGetIt()
    {
        ToolResult result = Tool.RunWith(new() { ["UNIPT_BRIDGE"] = "/nowhere/libunipt_bridge.so" }, "doctor");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("MISSING  bridge", result.Output);
        Assert.Contains("/nowhere/libunipt_bridge.so", result.Output);
        Assert.Contains("./unipt", result.Output);
    }
}
