using UniPT.Backbones.Media;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;

namespace UniPT.Training.Tests.Adapters;

public sealed class RetrievalAdapterSetTests
{
    private static readonly string[] Texts = ["a red fruit", "two"];
    private static readonly RgbImage[] Pictures = [new(1, 2, [255, 0, 0, 0, 0, 255]), new(2, 1, [9, 8, 7, 6, 5, 4]), new(1, 1, [1, 2, 3])];

    [Fact]
    public void AdaptersOnOnePassGiveWhatTheyGiveAlone()
    {
        string[] folders = [Fixture("unipt"), Fixture("head"), Fixture("published")];
        TensorCount live = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        using (RetrievalAdapterSet set = RetrievalAdapterSet.Load(folders, RepositoryPaths.Models))
        {
            Assert.Equal(folders, set.Folders);
            IReadOnlyList<Tensor> pictures = set.EmbedPictures(Pictures);
            IReadOnlyList<Tensor> texts = set.EmbedTexts(Texts);
            for (int i = 0; i < folders.Length; i++)
            {
                using RetrievalAdapter alone = RetrievalAdapter.Load(folders[i], RepositoryPaths.Models);
                Near(alone.EmbedPictures(Pictures), pictures[i]);
                Near(alone.EmbedTexts(Texts), texts[i]);
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
            using RetrievalAdapterSet set = RetrievalAdapterSet.Load([.. names.Select(Fixture)], RepositoryPaths.Models);
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
        var error = Assert.Throws<UserException>(() => RetrievalAdapterSet.Load([Fixture(first), Fixture(second)], RepositoryPaths.Models));
        Assert.Contains($"the method {named} changes the backbones' hidden states", error.Message);
        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public void ASetOfNothingIsRefused() => Assert.Throws<UserException>(() => RetrievalAdapterSet.Load([]));

    /// <summary>Unit vectors that differ by rounding at most.</summary>
    private static void Near(Tensor expected, Tensor found) =>
        Assert.All(expected.ToArray<float>().Zip(found.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

    private static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters", name);
}
