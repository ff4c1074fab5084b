using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class SharedAdaptersTests
{
    private static readonly string[] Texts = ["a red fruit", "two"];
    private static readonly RgbImage[] Pictures = [new(1, 2, [255, 0, 0, 0, 0, 255]), new(2, 1, [9, 8, 7, 6, 5, 4]), new(1, 1, [1, 2, 3])];

    [Fact]
    public void AdaptersOnOnePassGiveWhatTheyGiveAlone()
    {
        string[] folders = [Fixture("unipt"), Fixture("head"), Fixture("published")];
        TensorCount live = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        using (var set = SharedAdapters.Load(folders, RepositoryPaths.Models))
        {
            Assert.Equal(folders, set.All.Select(adapter => adapter.Folder));
            IReadOnlyList<Tensor> pictures = RetrievalModel.EmbedPictures(set.ModelsAs<RetrievalModel>(), Pictures);
            IReadOnlyList<Tensor> texts = RetrievalModel.EmbedTexts(set.ModelsAs<RetrievalModel>(), Texts);
            for (int i = 0; i < folders.Length; i++)
            {
                using var alone = Adapter.Load(folders[i], RepositoryPaths.Models);
                RetrievalModel model = alone.ModelAs<RetrievalModel>();
                Near(model.EmbedPictures(Pictures), pictures[i]);
                Near(model.EmbedTexts(Texts), texts[i]);
            }

            Assert.NotEqual(texts[0].ToArray<float>(), texts[1].ToArray<float>());
        }

        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public void BackbonesAreLoadedOnce()
    {
        long One(params string[] names)
        {
            long before = TensorMemory.Current();
            using var set = SharedAdapters.Load([.. names.Select(Fixture)], RepositoryPaths.Models);
            return TensorMemory.Current() - before;
        }

        long backbones = One("head");
        Assert.InRange(One("head", "head", "head", "head"), backbones + 1, backbones * 1.1);
    }

    [Theory]
    [InlineData("unipt", "lora", "lora")]
    [InlineData("bitfit", "head", "bitfit")]
    public void AMethodThatChangesTheHiddenStatesIsRefused(string first, string second, string named)
    {
        TensorCount live = TensorCount.Now();
        var error = Assert.Throws<UserException>(() => SharedAdapters.Load([Fixture(first), Fixture(second)], RepositoryPaths.Models));
        Assert.Contains($"the method {named} changes the backbones' hidden states", error.Message);
        Assert.Equal(live, TensorCount.Now());
    }

    [Theory]
    [InlineData("sherl", "sherl")]
    [InlineData("sherl", "head")]
    [InlineData("head", "sherl")]
    public void SoIsOneThatRunsBlocksItself(string first, string second)
    {
        TensorCount live = TensorCount.Now();
        var error = Assert.Throws<UserException>(() => SharedAdapters.Load([Fixture(first), Fixture(second)], RepositoryPaths.Models));
        Assert.Contains("the method sherl runs the last blocks of the backbones itself; measure each on its own.", error.Message);
        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public void ASetOfNothingIsRefused() => Assert.Throws<UserException>(() => SharedAdapters.Load([]));

    /// <summary>Unit vectors that differ by rounding at most.</summary>
    private static void Near(Tensor expected, Tensor found) =>
        Assert.All(expected.ToArray<float>().Zip(found.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

    private static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters", name);
}
