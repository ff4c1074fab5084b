using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

public sealed class FisherInformationTests
{
    private const string Side = "text.method.side_block.0.up.weight";

    /// <summary>The rows that a start keeps are rows of the backbone, and other ones than those of the largest weights.</summary>
    [Fact]
    public void ALadderStartsFromTheRowsThatTheLossDependsOn()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string data = EmojiSample.Write(folder);
        TensorCount live = TensorCount.Now();

        int[] fisher = Kept(data, "fisher");
        int[] magnitude = Kept(data, "magnitude");

        Assert.Equal(192, fisher.Length);
        Assert.NotEqual(magnitude, fisher);
        Assert.Equal(fisher, Kept(data, "fisher"));
        Assert.NotEqual(fisher, Kept(data, "fisher", "method.fisher_batch_size=3"));
        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>The backbone's rows that the first side layer's wide map was made of, told by their biases.</summary>
    private static int[] Kept(string data, string start, params string[] more)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Recipe recipe = SampleRecipe.Load(data, "lst", ["backbones.image.frozen=true", $"method.start={start}", "method.fisher_batches=2", .. more]);
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData opened = task.OpenData();
        using TaskModel model = TaskModelBuilder.Build(task);
        opened.Fit(model);
        using var training = new TaskTraining(task, recipe, model, opened, new HiddenStateReader(opened), _ => { });
        training.Begin();
        Assert.Equal([192, 64], model.Trained.Parameters[Side].shape);
        float[] biases = model.Tuned["text"].Backbone.Store.Parameters["layers.0.ffn.up.bias"].ToArray<float>();
        return [.. model.Trained.Parameters[Side.Replace("weight", "bias")].ToArray<float>().Select(bias => Array.IndexOf(biases, bias))];
    }
}
