using UniPT.Testing;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class RetrievalModelTests
{
    [Theory]
    [InlineData("full", false)]
    [InlineData("full", true)]
    [InlineData("bitfit", false)]
    [InlineData("bitfit", true)]
    public void AFrozenTowerTrainsNothingButItsProjection(string recipe, bool frozen)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string data = EmojiSample.Write(folder);
        using TaskModel model = TaskModelBuilder.Build(TaskRegistry.Create(SampleRecipe.Load(data, recipe, $"backbones.image.frozen={(frozen ? "true" : "false")}")));

        Assert.Equal(frozen, !model.Tuned["image"].Backbone.Store.Trainable.Any());
        Assert.NotEmpty(model.Tuned["text"].Backbone.Store.Trainable);
        Assert.Equal(!frozen, model.Tuned["image"].ChangesHiddenStates);
        Assert.True(model.ChangesHiddenStates);
        Assert.Contains("image.method.linear.weight", model.TrainedState().Keys);
        Assert.Equal(frozen, !model.TrainedState().Keys.Any(name => name.StartsWith("image_backbone.")));
        Assert.Contains(model.TrainedState().Keys, name => name.StartsWith("text_backbone."));
    }
}
