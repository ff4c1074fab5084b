using UniPT.Testing;
using UniPT.Training.Adapters;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Adapters;

public sealed class AdapterRegressionTests
{
    private const string Variant = "published";
    private static readonly string Fixtures = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters");
    private static readonly string Backbones = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "backbones");

    public static TheoryData<string> Folders => [.. Names];

    private static IEnumerable<string> Names => Directory.GetDirectories(Fixtures).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [Fact]
    public void EveryMethodHasOne() => Assert.Equal(TuningRegistry.Methods.Keys.Append(Variant).Order(StringComparer.Ordinal), Names);

    /// <summary>Loading compares the probe's output with the saved one.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void AnAdapterOfAnEarlierVersionLoadsAndGivesItsOutputAgain(string name)
    {
        long live = Tensor.TotalCount;
        using var weights = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(RepositoryPaths.Models).Concat(Directory.GetFiles(Backbones)))
        {
            File.CreateSymbolicLink(weights.File(Path.GetFileName(file)), file);
        }

        using (RetrievalAdapter adapter = AdapterFolder.Load(Path.Combine(Fixtures, name), weights.FullName))
        {
            Assert.Equal(8, adapter.Recipe.Head.Embedding);
            Assert.True(adapter.Model.TrainableParameters > 0);
        }

        Assert.Equal(live, Tensor.TotalCount);
    }
}
