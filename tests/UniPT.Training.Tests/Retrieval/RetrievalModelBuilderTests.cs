using UniPT.Tasks.Retrieval.Model;
using UniPT.Testing;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

public sealed class RetrievalModelBuilderTests
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
        using RetrievalModel model = RetrievalModelBuilder.Build(SampleRecipe.Load(data, recipe, $"image.frozen={(frozen ? "true" : "false")}")).Model;

        Assert.Equal(frozen, !model.Image.Tuned.Backbone.Store.Trainable.Any());
        Assert.NotEmpty(model.Text.Tuned.Backbone.Store.Trainable);
        Assert.Equal(!frozen, model.Image.Tuned.ChangesHiddenStates);
        Assert.True(model.ChangesHiddenStates);
        Assert.Contains("image.method.linear.weight", model.TrainedState().Keys);
        Assert.Equal(frozen, !model.TrainedState().Keys.Any(name => name.StartsWith("image_backbone.")));
        Assert.Contains(model.TrainedState().Keys, name => name.StartsWith("text_backbone."));
    }
}
