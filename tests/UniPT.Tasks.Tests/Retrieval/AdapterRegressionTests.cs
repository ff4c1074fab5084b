using UniPT.Tasks.Retrieval;
using UniPT.Testing;
using UniPT.Training.Adapters;
using UniPT.Tuning;

namespace UniPT.Tasks.Tests.Retrieval;

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
        TensorCount live = TensorCount.Now();
        using var weights = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(RepositoryPaths.Models).Concat(Directory.GetFiles(Backbones)))
        {
            File.CreateSymbolicLink(weights.File(Path.GetFileName(file)), file);
        }

        using (Adapter adapter = Adapter.Load(Path.Combine(Fixtures, name), weights.FullName))
        {
            Assert.Equal(8, ((RetrievalOptions)adapter.Recipe.Task.Options).Embedding);
            Assert.True(adapter.Model.TrainableParameters > 0);
        }

        Assert.Equal(live, TensorCount.Now());
    }
}
