namespace UniPT.Cli.Tests.EndToEnd;

public sealed class InspectWeightsTests
{
    private static readonly string Fixtures = Path.Combine("tests", "fixtures", "pytorch");

    [Theory]
    [InlineData("script.pt", "script.pt is a TorchScript archive: 6 tensors, 20 elements", "float32, int64", "second.linear.weight  float32[3, 2]")]
    [InlineData("mdetr.pth", "mdetr.pth#model_ema is a checkpoint of PyTorch: ", "looks like MDETR with UniPT as its authors publish it", "query_embed.weight")]
    [InlineData("vse.pth#model/1/bert", "vse.pth#model/1/bert is a checkpoint of PyTorch: 1 tensors", "float32", "embeddings.word_embeddings.weight")]
    [InlineData("layouts.legacy.pt", "is a checkpoint of PyTorch in the format before 1.6: ", "bfloat16, bool, complex64", "strided  float32[2, 2]")]
    public void ACheckpointIsDescribed(string file, params string[] expected)
    {
        ToolResult result = Tool.Run("inspect", Path.Combine(Fixtures, file));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.All(expected, text => Assert.Contains(text, result.Output));
    }

    [Theory]
    [InlineData("evil.pth", "names posix.system in its pickle")]
    [InlineData("vse.pth", "holds 2 states: model/0 (55 tensors), model/1 (30 tensors)")]
    public void WhatCannotBeReadIsSaidInASentence(string file, string expected) => Tool.Run("inspect", Path.Combine(Fixtures, file)).AssertUserError(expected);

    [Fact]
    public void ANameThatTheHubCacheLacksIsSaid() =>
        Tool.RunWith(new() { ["HF_HUB_CACHE"] = "/nowhere" }, "inspect", "hf:org/name").AssertUserError("hf:org/name is not in the hub cache /nowhere");
}
