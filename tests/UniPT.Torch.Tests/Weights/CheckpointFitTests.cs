using UniPT.Testing;

namespace UniPT.Torch.Tests.WeightStores;

public sealed class CheckpointFitTests
{
    [Fact]
    public void EverythingThatIsWrongIsSaidAtOnce()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor>
        {
            ["a.weight"] = torch.ones(2, 3),
            ["a.bias"] = torch.ones(3),
            ["extra"] = torch.ones(1),
        });
        TensorCount tensors = TensorCount.Now();
        long before = TensorMemory.Current();

        var fit = CheckpointFit.Of(path, weights =>
        {
            _ = new Linear(weights / "a", 2, 2);
            _ = new Linear(weights / "b", 100_000, 100_000);
        });

        Assert.False(fit.Fits);
        Assert.Equal(
            $"{path} does not fit mine: it lacks b.weight, b.bias and has other shapes: a.weight has the shape [2, 3], the model needs [2, 2]; a.bias has the shape [3], the model needs [2] and has the unexpected 1 tensor (extra)",
            fit.Describe("mine"));
        Assert.Equal(3, fit.Names.Count);
        Assert.Equal(tensors, TensorCount.Now());
        Assert.Equal(before, TensorMemory.Current());
    }

    [Fact]
    public void WhereATensorTellsTheSizesWhatTheCheckpointHasIsSaidInstead()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, Enumerable.Range(0, 9).ToDictionary(i => $"layer.{i}", _ => torch.ones(1)));
        var fit = CheckpointFit.Of(path, weights => weights.Shape("table", 2));
        Assert.Equal($"{path} does not fit mine: it lacks table and has 9 tensors (layer.0, layer.1, layer.2, layer.3, layer.4, …)", fit.Describe("mine"));
    }

    [Fact]
    public void OneThatFitsFits()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = torch.ones(2) });
        Assert.True(CheckpointFit.Of(path, weights => weights.Parameter("a", Initializers.Ones, 2)).Fits);
    }

    [Fact]
    public void ManyAreCounted()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = torch.ones(2) });
        var fit = CheckpointFit.Of(path, weights =>
        {
            weights.Parameter("a", Initializers.Ones, 2);
            for (int i = 0; i < 12; i++)
            {
                weights.Parameter($"b.{i}", Initializers.Ones, 2);
            }
        });
        Assert.EndsWith("it lacks b.0, b.1, b.2, b.3, b.4 and 7 more tensors", fit.Describe("mine"));
    }
}
