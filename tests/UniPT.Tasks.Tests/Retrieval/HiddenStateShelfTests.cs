using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Testing;
using UniPT.Training.Contracts;
using UniPT.Training.Features;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class HiddenStateShelfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HiddenStateShelf _shelf = new();

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
        HiddenStateCache first = Get(SampleRecipe.Load(data, "head", "seed=1"));
        Assert.Same(first, Get(SampleRecipe.Load(data, "head", "seed=2", "train.learning_rate=0.5")));
        Assert.Same(first, Get(SampleRecipe.Load(data, "unipt")));
        TensorCount shared = TensorCount.Now();

        // It takes what goes into the last block, not what comes out.
        HiddenStateCache early = Get(SampleRecipe.Load(data, "sherl"));
        Assert.NotSame(first, early);

        HiddenStateCache larger = Get(SampleRecipe.Load(data, "head", "data.image_size=64"));
        Assert.NotSame(first, larger);
        Assert.Equal(shared, TensorCount.Now());
        HiddenStateCache rounded = Get(SampleRecipe.Load(data, "head", "data.image_size=64", "precision=bf16"));
        Assert.NotSame(larger, rounded);
        Assert.Same(rounded, Get(SampleRecipe.Load(data, "unipt", "data.image_size=64", "precision=bf16")));
        Assert.NotSame(rounded, Get(SampleRecipe.Load(data, "unipt", "data.image_size=64", "backbones.image.layers=[1, 3]")));
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.safetensors"));
        _shelf.Dispose();
        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>What the shelf has of the training pictures after a run of the recipe was served.</summary>
    private HiddenStateCache Get(Recipe recipe)
    {
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        using TaskModel model = TaskModelBuilder.Build(task);
        data.Fit(model);
        var reader = new HiddenStateReader(data);
        _shelf.Serve(reader, recipe, model, data, _folder.FullName);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates kept = reader.Hidden(model, "image", "train", [0]);
        Assert.Equal(model.Tuned["image"].Stream.Widths.Count, kept.Layers.Count);
        return _shelf.Kept("image", "train");
    }
}
