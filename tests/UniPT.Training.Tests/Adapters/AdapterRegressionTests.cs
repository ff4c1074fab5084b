using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;

namespace UniPT.Training.Tests.Adapters;

public sealed class AdapterRegressionTests
{
    private const int Expected = 10;
    private static readonly string Fixtures = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters");

    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Fixtures).Select(folder => Path.GetFileName(folder)).Order()];

    [Fact]
    public void NoFixtureWasLost() => Assert.Equal(Expected, Folders.Count);

    /// <summary>Loading compares the probe's output with the saved one.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void AnAdapterOfAnEarlierVersionLoadsAndGivesItsOutputAgain(string name)
    {
        long live = Tensor.LiveCount;
        using (RetrievalAdapter adapter = AdapterFolder.Load(Path.Combine(Fixtures, name), RepositoryPaths.Models))
        {
            Assert.Equal(8, adapter.Recipe.Head.Embedding);
            Assert.True(adapter.Model.TrainableParameters > 0);
        }

        Assert.Equal(live, Tensor.LiveCount);
    }
}
