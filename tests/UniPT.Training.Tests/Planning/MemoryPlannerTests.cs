using UniPT.Testing;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Planning;

public sealed class MemoryPlannerTests
{
    private const int Pictures = 24;

    public static TheoryData<string> Recipes => [.. TuningRegistry.Methods.Keys, "published"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task PredictsEveryPartWithinATenth(string name)
    {
        using var folder = new TemporaryFolder();

        // One step of all captions, so that the longest is among them.
        Recipe recipe = SampleRecipe.Load(EmojiSample.Write(folder, Pictures), name, "data.captions=all", $"train.batch_size={Pictures * EmojiSample.Captions}", "train.epochs=1");

        MemoryPlan plan = MemoryPlanner.Plan(recipe);
        RunResult measured = await Trainer.RunAsync(recipe, folder.File("run"));

        Assert.Equal(measured.TrainableParameters, plan.TrainableParameters);
        Assert.Equal(measured.StepMemory.Weights, plan.Step.Weights);
        Assert.Equal(measured.StepMemory.Gradients, plan.Step.Gradients);
        Assert.Equal(measured.StepMemory.Optimizer, plan.Step.Optimizer);
        Assert.Equal(1, plan.Step.Peak!.Value / (double)measured.StepMemory.Peak!, 0.1);
        Assert.Equal(1, plan.Step.Activations!.Value / (double)measured.StepMemory.Activations!, 0.1);
    }

    [Fact]
    public void TheLargestBatchIsTheLastThatFits()
    {
        var plan = new MemoryPlan("unipt", 8, 1, new(1000, 0, 20, 40), new(50, 7.5), new(-90, 8.5));

        int batch = plan.LargestBatch(5000)!.Value;

        Assert.InRange(plan.At(batch).Peak!.Value, 0, 5000);
        Assert.True(plan.At(batch + 1).Peak > 5000);
    }

    [Fact]
    public void ABudgetBelowTheWeightsIsRefused()
    {
        var plan = new MemoryPlan("unipt", 8, 1, new(1000, 0, 20, 40), new(50, 7.5), new(-90, 8.5));

        Assert.Contains("of them for weights", Assert.Throws<UserException>(() => plan.LargestBatch(900)).Message);
    }
}
