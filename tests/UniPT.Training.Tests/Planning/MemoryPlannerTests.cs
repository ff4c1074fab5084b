using UniPT.Testing;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests.Planning;

public sealed class MemoryPlannerTests
{
    private const int Batch = 64;

    [Theory]
    [InlineData("unipt", "train.epochs=2")] // Until some batch has the longest caption.
    [InlineData("published", "train.epochs=2")]
    [InlineData("head", "train.epochs=2")]
    [InlineData("full", "train.max_steps=3")]
    public async Task PredictsEveryPartWithinATenth(string name, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = Recipe.Load(
            Path.Combine(RepositoryPaths.Root, "recipes", "emoji", $"{name}.yaml"),
            overrides: ["data.image_size=96", $"train.batch_size={Batch}", "train.evaluate_every_epochs=2", .. options]);

        MemoryPlan plan = MemoryPlanner.Plan(recipe);
        RunResult measured = await Trainer.RunAsync(recipe, folder.File("run"));

        Assert.Equal(measured.TrainableParameters, plan.TrainableParameters);
        Assert.Equal(measured.StepMemory.Weights, plan.Step.Weights);
        Assert.Equal(measured.StepMemory.Gradients, plan.Step.Gradients);
        Assert.Equal(measured.StepMemory.Optimizer, plan.Step.Optimizer);
        Assert.Equal(1, plan.Step.Peak / (double)measured.StepMemory.Peak, 0.1);
        Assert.Equal(1, plan.Step.Activations / (double)measured.StepMemory.Activations, 0.1);
    }

    [Fact]
    public void TheLargestBatchIsTheLastThatFits()
    {
        var plan = new MemoryPlan("unipt", 8, 1, new(1000, 50, 20, 40), 7.5);

        int batch = plan.LargestBatch(5000);

        Assert.InRange(plan.At(batch).Peak, 0, 5000);
        Assert.True(plan.At(batch + 1).Peak > 5000);
    }

    [Fact]
    public void ABudgetBelowTheWeightsIsRefused()
    {
        var plan = new MemoryPlan("unipt", 8, 1, new(1000, 50, 20, 40), 7.5);

        Assert.Contains("of them for weights", Assert.Throws<UserException>(() => plan.LargestBatch(900)).Message);
    }
}
