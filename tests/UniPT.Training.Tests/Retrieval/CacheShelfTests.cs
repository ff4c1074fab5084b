using UniPT.Tasks.Retrieval.Model;
using UniPT.Testing;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

public sealed class CacheShelfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CacheShelf _shelf = new();

    public void Dispose()
    {
        _shelf.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Runs_that_read_the_same_share_it_and_others_replace_it()
    {
        TensorCount live = TensorCount.Now();
        string data = EmojiSample.Write(_folder);
        RetrievalCaches first = Get(SampleRecipe.Load(data, "head", "seed=1"));
        Assert.Same(first, Get(SampleRecipe.Load(data, "head", "seed=2", "train.learning_rate=0.5")));
        Assert.Same(first, Get(SampleRecipe.Load(data, "unipt")));
        TensorCount shared = TensorCount.Now();

        // It takes what goes into the last block, not what comes out.
        RetrievalCaches early = Get(SampleRecipe.Load(data, "sherl"));
        Assert.NotSame(first, early);

        RetrievalCaches larger = Get(SampleRecipe.Load(data, "head", "data.image_size=64"));
        Assert.NotSame(first, larger);
        Assert.Equal(shared, TensorCount.Now());
        RetrievalCaches rounded = Get(SampleRecipe.Load(data, "head", "data.image_size=64", "precision=bf16"));
        Assert.NotSame(larger, rounded);
        Assert.Same(rounded, Get(SampleRecipe.Load(data, "unipt", "data.image_size=64", "precision=bf16")));
        Assert.NotSame(rounded, Get(SampleRecipe.Load(data, "unipt", "data.image_size=64", "image.layers=[1, 3]")));
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.safetensors"));
        _shelf.Dispose();
        Assert.Equal(live, TensorCount.Now());
    }

    private RetrievalCaches Get(Recipe recipe)
    {
        using RetrievalData data = RetrievalData.Open(recipe);
        using RetrievalModel model = RetrievalModelBuilder.Build(recipe).Model;
        return _shelf.Get("train", recipe, model, data, () => RetrievalCaches.Build(
            _folder.FullName, "train", model.Image.Tuned.Stream, model.Text.Tuned.Stream, data.Set.Train, data.Tokenize(data.Set.Train), data.Loader, "cpu"));
    }
}
