using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class AdapterProbeTests
{
    [Theory]
    [InlineData(Precision.Float32, 1e-4, true)]
    [InlineData(Precision.Float32, 0.01, false)]
    [InlineData(Precision.Bf16, 0.01, true)]
    [InlineData(Precision.Bf16, 0.1, false)]
    [InlineData(Precision.Bf16, double.NaN, false)]
    public void ItMayDifferByWhatThePrecisionExplains(Precision precision, double difference, bool passes)
    {
        string folder = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters", "unipt");
        using DisposeScope scope = torch.NewDisposeScope();
        using var adapter = Adapter.Load(folder, RepositoryPaths.Models);
        var saved = new Dictionary<string, Tensor>(AdapterProbe.Compute(adapter.Model));
        saved["probe.text"] = saved["probe.text"].Add(difference);
        Exception? error = Record.Exception(() => AdapterProbe.Check(adapter.Model, saved, precision, folder, "file"));
        Assert.Equal(passes, error is null);
        Assert.True(passes || error is UserException);
    }
}
