using System.Text.Json;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Comparison;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests;

/// <summary>Where libtorch cannot be observed, everything runs, and every output says so.</summary>
public sealed class NotMeasuredTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IDisposable _hidden = TensorMemory.Hide();

    public void Dispose()
    {
        _hidden.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ARun()
    {
        Recipe recipe = SampleRecipe.Load(EmojiSample.Write(_folder), "unipt", "train.epochs=1");
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync([recipe, SampleRecipe.Load(_folder.File("data"), "head", "train.epochs=1")], _folder.File("runs"), _ => null);
        string run = _folder.File("runs", "unipt-seed1");

        Assert.All(results, result => Assert.Null(result.StepMemory.Peak));
        JsonElement memory = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json"))).RootElement.GetProperty("step_memory");
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("activations").ValueKind);
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("peak").ValueKind);
        Assert.True(memory.GetProperty("gradients").GetInt64() > 0);
        Assert.Equal(results[0].StepMemory, RunDirectory.FinishedResult(run, recipe, RunDirectory.InputsOf(run))!.StepMemory);

        JsonElement[] lines = [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines.Where(line => line.GetProperty("kind").GetString() == "step"), line => Assert.Equal(JsonValueKind.Null, line.GetProperty("tensor_bytes").ValueKind));
    }

    [Fact]
    public void APlan()
    {
        MemoryPlan plan = MemoryPlanner.Plan(SampleRecipe.Load(EmojiSample.Write(_folder), "unipt"));

        Assert.Equal((null, null), (plan.Step.Activations, plan.Step.Peak));
        Assert.Equal((null, null, null), (plan.Early, plan.Late, plan.LargestBatch(1 << 30)));
        Assert.True(plan.Step.Weights > 0 && plan.Step.Gradients > 0 && plan.Step.Optimizer > 0);
    }

    /// <summary>A run that was killed after its last step, before it had its figures, has no step to measure, whatever the platform.</summary>
    [Fact]
    public async Task ARunThatIsOnlyEvaluated()
    {
        _hidden.Dispose();
        Recipe recipe = SampleRecipe.Load(EmojiSample.Write(_folder), "head", "train.epochs=1");
        await Trainer.RunAsync(recipe, _folder.File("run"));
        File.Delete(_folder.File("run", "result.json"));
        RunResult again = await Trainer.RunAsync(recipe, _folder.File("run"), resume: true);

        Assert.Equal((null, null), (again.StepMemory.Activations, again.StepMemory.Gradients));
        Assert.True(again.StepMemory.Weights > 0 && again.StepMemory.Optimizer > 0);
    }
}
