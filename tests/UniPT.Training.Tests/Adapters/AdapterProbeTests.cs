using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Adapters;

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
        using RetrievalAdapter adapter = RetrievalAdapter.Load(folder, RepositoryPaths.Models);
        Dictionary<string, Tensor> saved = AdapterProbe.Compute(adapter.Model, adapter.Inputs);
        saved[AdapterProbe.TextKey] = saved[AdapterProbe.TextKey].Add(difference);
        Exception? error = Record.Exception(() => AdapterProbe.Check(adapter.Model, adapter.Inputs, saved, precision, folder));
        Assert.Equal(passes, error is null);
        Assert.True(passes || error is UserException);
    }
}
