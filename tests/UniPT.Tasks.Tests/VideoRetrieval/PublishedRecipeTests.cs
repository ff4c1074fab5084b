using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.VideoRetrieval;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning.UniPT;

namespace UniPT.Tasks.Tests.VideoRetrieval;

/// <summary>The published experiment as a recipe, on a small CLIP in the place of the published one.</summary>
public sealed class PublishedRecipeTests
{
    [Fact]
    public void ThePublishedExperimentIsARecipe()
    {
        using var folder = new TemporaryFolder();
        VideoRetrievalSample.Write(folder.FullName, files: false);
        Recipe recipe = Recipe.Load(Path.Combine(RepositoryPaths.Root, "recipes", "published", "msrvtt", "unipt.yaml"), overrides:
        [
            $"data.path={folder.File("data")}", $"backbones.image.weights={folder.File("clip.safetensors")}", $"backbones.text.weights={folder.File("clip.safetensors")}",
            $"backbones.text.vocabulary={folder.File("vocabulary")}",
        ]);
        var data = (VideoRetrievalDataOptions)recipe.Data;
        Assert.Equal((ValidationFilms.Test, CaptionUse.All, 32, true), (data.Validation, data.Captions, data.MaxTokens, data.MaskIdZero));
        Assert.Equal(new VideoSampling(1, 12, FrameChoice.Uniform), data.Sampling);
        Assert.Equal(new VideoRetrievalOptions { Embedding = null, LogitScale = 100, LearnLogitScale = false }, recipe.Task.Options);
        Assert.Equal((PublishedForm.Clip4clip, 512), (((UniPTOptions)recipe.Method.Options).Form, ((UniPTOptions)recipe.Method.Options).Width));

        LearningTask task = TaskRegistry.Create(recipe);
        Assert.Equal("t2v_r1", task.Primary.Name);
        using TaskData opened = task.OpenData();
        Assert.Equal(VideoRetrievalSample.Captions * (VideoRetrievalSample.TrainFilms + VideoRetrievalSample.ValFilms), opened.TrainingExamples);
    }

    /// <summary>The published mask is "id ≠ 0", and 0 is a mark that another one follows.</summary>
    [Theory]
    [InlineData(false, "1 1 1 1 1")]
    [InlineData(true, "1 0 1 1 1")]
    public void TheIdZeroCanBeTakenForPadding(bool masks, string expected)
    {
        using var folder = new TemporaryFolder();
        string recipe = VideoRetrievalSample.Write(folder.FullName, files: false);
        using TaskData data = TaskRegistry.Create(Recipe.Load(recipe, overrides: [$"data.mask_id_zero={(masks ? "true" : "false")}"])).OpenData();
        using DisposeScope scope = torch.NewDisposeScope();
        var tokenizer = TextTokenizer.Open(data.Task.Recipe.Backbones["text"]);
        var inputs = new UniPT.Tasks.VideoRetrieval.Inputs.TextInputs(tokenizer, masks, CPU);
        Assert.Equal(0, tokenizer.Encode("!! a")[1]);
        Assert.Equal(expected, string.Join(' ', inputs.Batch([tokenizer.Encode("!! a")]).Mask!.ToArray<float>()));
    }
}
