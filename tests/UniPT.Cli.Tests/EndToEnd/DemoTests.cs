using UniPT.Testing;
using UniPT.Training.Runs;

namespace UniPT.Cli.Tests.EndToEnd;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThreeMethodsAreTrainedComparedAndSearched()
    {
        string page = _folder.File("runs", "report.html");
        ToolResult result = Tool.Run(
            "demo", "--out", _folder.File("runs"),
            "--set", $"data.path={EmojiSample.Write(_folder)}", "--set", "data.image_size=64", "--set", "train.epochs=1", "--set", "threads=1");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("Adapting resnet18 and minilm_l6 to data with head, unipt, lora.", result.Output);
        Assert.Contains("full is left out", result.Output);
        Assert.Contains("rSum, of 600", result.Output);
        Assert.Contains("\"a red fruit\": ", result.Output);
        Assert.Contains("Least memory of a training step: ", result.Output);
        Assert.Contains(page, result.Output);
        Assert.Contains("lora", File.ReadAllText(page));
    }

    /// <summary>What the demo shows of full fine-tuning beside the steps that it measures.</summary>
    [Fact]
    public void TheCommittedRunIsOfTheDemosRecipe()
    {
        RunResult whole = RunResult.Read(Path.Combine(RepositoryPaths.Root, "benchmarks", "results", "demo-full.json"));
        Training.Recipes.Recipe recipe = Training.Recipes.Recipe.Load(Path.Combine(RepositoryPaths.Root, "recipes", "emoji", "demo", "full.yaml"));
        Assert.Equal((recipe.Name, recipe.Method.Name, recipe.Train.Epochs), (whole.Name, whole.Method, whole.Epochs));
        Assert.Equal((recipe.Train.BatchSize, $"{((Tasks.Retrieval.RetrievalDataOptions)recipe.Data).ImageSize} px"), (whole.Conditions.BatchSize, whole.Conditions.Inputs["Image size"]));
        Assert.InRange(whole.Test["rsum"], 100, 600);
    }
}
