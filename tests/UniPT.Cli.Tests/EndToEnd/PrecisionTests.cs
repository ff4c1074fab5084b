using System.Text.Json;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>The tool where libtorch may not use a processor's instructions for bfloat16, as on one that has none.</summary>
public sealed class PrecisionTests : IDisposable
{
    private static readonly Dictionary<string, string> Slow = new() { ["ONEDNN_MAX_CPU_ISA"] = "AVX2" };
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public PrecisionTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bf16RunsWhereItIsSlowAndSaysSoOnce()
    {
        ToolResult trained = Train("run", "precision=bf16");
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Equal(1, Said(trained));
        Assert.Equal("bfloat16", Precision("run"));
        ToolResult evaluated = Tool.RunWith(Slow, "evaluate", _folder.File("run"), "--data", _data);
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        Assert.Equal(1, Said(evaluated));

        // The probe that was saved there holds where the instructions may be used.
        ToolResult elsewhere = Tool.Run("evaluate", _folder.File("run"), "--data", _data);
        Assert.True(elsewhere.ExitCode == 0, elsewhere.Error);
        Assert.Contains("precision       bf16", Tool.Run("inspect", _folder.File("run/adapter")).Output);
    }

    [Fact]
    public void AutoTakesFloat32WhereBf16IsSlow()
    {
        ToolResult trained = Train("run", "precision=auto");
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Equal(0, Said(trained));
        Assert.Equal("float32", Precision("run"));
        Assert.Contains("slow on this processor", Tool.RunWith(Slow, "doctor").Output);
    }

    private static int Said(ToolResult result) =>
        result.Error.Split('\n').Count(line => line.StartsWith("precision is bf16, and this processor", StringComparison.Ordinal));

    private ToolResult Train(string run, string option) => Tool.RunWith(
        Slow, SampleTraining.Arguments(_data, _folder.File(run), "--set", option, "--set", "data.image_size=32", "--set", "train.max_steps=2", "--json", _folder.File($"{run}.json")));

    private string? Precision(string run)
    {
        using var figures = JsonDocument.Parse(File.ReadAllText(_folder.File($"{run}.json")));
        return figures.RootElement.GetProperty("conditions").GetProperty("precision").GetString();
    }
}
