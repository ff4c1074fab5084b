using UniPT.Parity.Tests.Cases;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>That the comparison itself can fail.</summary>
public sealed class ParityRunTests
{
    private const string Golden = "adamw-vse.safetensors";

    [Theory]
    [InlineData("output.w.6", 1.001)]
    [InlineData("output.gate.3", double.NaN)]
    [InlineData("output.lr", 0.99)]
    public void AnotherValueIsNamed(string tensor, double factor)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("changed.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(Path.Combine(RepositoryPaths.Golden, Golden)))
        {
            Dictionary<string, Tensor> state = file.Entries.Keys.ToDictionary(name => name, file.Read);
            state[tensor] = state[tensor] * Scalars.Of(factor);
            SafetensorsWriter.Write(path, state, file.Metadata);
        }

        ParityRun run = ParityRun.Over(folder.FullName);
        Assert.Equal(1, run.Checked);
        string failure = Assert.Single(run.Failures);
        Assert.StartsWith($"{path}: {tensor} is off by", failure);
        Assert.Contains("allowed", failure);
    }

    [Theory]
    [InlineData("linear.weight", "linear.weights", "linear.weight")]
    [InlineData("linear.weight", null, "linear.weight")]
    [InlineData(null, "gru.weight_of_nobody", "gru.weight_of_nobody")]
    public void AnotherNameInTheStateIsNamed(string? from, string? to, string named)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("changed.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(Path.Combine(RepositoryPaths.Golden, "gpo.safetensors")))
        {
            Dictionary<string, Tensor> state = file.Entries.Keys.ToDictionary(name => name, file.Read);
            Tensor moved = state[$"param.{from ?? "linear.weight"}"];
            _ = from is null || state.Remove($"param.{from}");
            _ = to is null || state.TryAdd($"param.{to}", moved);
            SafetensorsWriter.Write(path, state, file.Metadata);
        }

        ParityRun run = ParityRun.Over(folder.FullName);
        Assert.Equal(1, run.Checked);
        Assert.Contains(named, Assert.Single(run.Failures));
    }

    [Fact]
    public void AStateWithAnotherShapeOrNameIsNoRecordedOne()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using GoldenFile file = GoldenFile.Open(Path.Combine(RepositoryPaths.Golden, "gpo.safetensors"));
        Weights weights = file.OpenWeights(name => name);
        using WeightStore store = weights.Store;
        _ = GpoCase.Build(file, weights);
        StateNames.Check(file, weights, name => name);
        var missing = Assert.Throws<ParityException>(() => StateNames.Check(file, weights, name => name == "linear.weight" ? "linear.scale" : name));
        Assert.Contains("the state's linear.scale is missing, recorded [1, 5]", missing.Message);
        var extra = Assert.Throws<ParityException>(() => StateNames.Check(file, weights, name => name == "linear.weight" ? null : name));
        Assert.Contains("the state's linear.weight is [1, 5], recorded nowhere", extra.Message);
    }

    [Fact]
    public void BrokenFilesFailAndUnknownCasesAreSkipped()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        byte[] bytes = File.ReadAllBytes(Path.Combine(RepositoryPaths.Golden, Golden));
        File.WriteAllBytes(folder.File("cut.safetensors"), bytes[..^1]);
        File.WriteAllText(folder.File("notes.md"), "");
        var metadata = new Dictionary<string, string> { ["case"] = "a-case-to-come" };
        SafetensorsWriter.Write(folder.File("adamw-vse-b.safetensors"), new Dictionary<string, Tensor>(), metadata);
        ParityRun run = ParityRun.Over(folder.FullName);
        Assert.Equal(0, run.Checked);
        Assert.Equal(["adamw-vse-b"], run.Skipped);
        Assert.Contains(folder.File("cut.safetensors"), Assert.Single(run.Failures));
    }
}
