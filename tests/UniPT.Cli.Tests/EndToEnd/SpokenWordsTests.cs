using System.Globalization;
using System.Text.RegularExpressions;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>The recordings and networks that come along, from a recipe to figures.</summary>
public sealed partial class SpokenWordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt")]
    [InlineData("whisper")]
    public void ARecipeLearnsAndItsAdapterIsMeasured(string recipe)
    {
        string run = _folder.File("run");
        ToolResult trained = Tool.Run("train", $"recipes/words/{recipe}.yaml", "--out", run, "--set", "train.epochs=8", "--set", "threads=1");
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains("train 120 recordings from train/, val 40 recordings from val/, test 80 recordings from test/.", trained.Output + trained.Error);
        ToolResult measured = Tool.Run("evaluate", run);
        Assert.True(measured.ExitCode == 0, measured.Error);

        // Chance is 10.
        Assert.InRange(double.Parse(Accuracy().Match(measured.Output).Groups[1].Value, CultureInfo.InvariantCulture), 50, 100);
    }

    [Fact]
    public void InspectSaysWhatTheRecordingsAre()
    {
        ToolResult result = Tool.Run("inspect", "data/words.zip");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("is a data set of recordings for the task sounds", result.Output);
        Assert.Contains("10 labels: eight, five, four, nine, one, seven, six, three, two, zero", result.Output);
    }

    [Fact]
    public void AMethodThatNeedsLinearMapsIsRefusedByARecurrentNetwork() => Tool
        .Run("train", "recipes/words/lora.yaml", "--out", _folder.File("run"), "--set", "backbones.audio.architecture=gru", "--set", "backbones.audio.weights=models/words_gru.safetensors")
        .AssertUserError("lora is not defined for gru");

    [GeneratedRegex(@"accuracy +([0-9.]+)")]
    private static partial Regex Accuracy();
}
