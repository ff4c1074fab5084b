using UniPT.Tasks.Retrieval.Model;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

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

        int[] fisher = Kept(data, folder, "fisher");
        int[] magnitude = Kept(data, folder, "magnitude");

        Assert.Equal(192, fisher.Length);
        Assert.NotEqual(magnitude, fisher);
        Assert.Equal(fisher, Kept(data, folder, "fisher"));
        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>The backbone's rows that the first side layer's wide map was made of, told by their biases.</summary>
    private static int[] Kept(string data, TemporaryFolder folder, string start)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Recipe recipe = SampleRecipe.Load(data, "lst", "image.frozen=true", $"method.start={start}", "method.fisher_batches=2");
        (RetrievalModel built, RetrievalObjective objective) = RetrievalModelBuilder.Build(recipe);
        using RetrievalModel model = built;
        using RetrievalData opened = RetrievalData.Open(recipe);
        using var task = new RetrievalTask(recipe, model, objective, opened, opened.Set.Train, opened.Set.Val, folder.File(start), _ => { });
        task.Begin();
        Assert.Equal([192, 64], model.Trained.Parameters[Side].shape);
        float[] biases = model.Text.Tuned.Backbone.Store.Parameters["layers.0.ffn.up.bias"].ToArray<float>();
        return [.. model.Trained.Parameters[Side.Replace("weight", "bias")].ToArray<float>().Select(bias => Array.IndexOf(biases, bias))];
    }
}
