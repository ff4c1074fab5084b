using UniPT.Testing;
using UniPT.Training.Comparison;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Comparison;

public sealed class ComparisonTests : IDisposable
{
    private static readonly string Emoji = Path.Combine(RepositoryPaths.Root, "recipes", "emoji-small", "unipt.yaml");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryMethodHasItsOwnRecipeWhereThereIsOneBesideTheFirst()
    {
        IReadOnlyList<Recipe> recipes = ComparisonPlan.Create(Emoji, ["unipt", "head"], 2, ["train.epochs=3"]);

        Assert.Equal(["emoji-small-unipt", "emoji-small-unipt", "emoji-small-head", "emoji-small-head"], recipes.Select(recipe => recipe.Name));
        Assert.Equal([1, 2, 1, 2], recipes.Select(recipe => recipe.Seed));
        Assert.All(recipes, recipe => Assert.Equal(3, recipe.Train.Epochs));
    }

    [Fact]
    public void AMethodIsComparedWithItselfOnlyOnce() =>
        Assert.Contains("repeats one", Assert.Throws<UserException>(() => ComparisonPlan.Create(Emoji, ["head", "head"], 1, [])).Message);

    [Fact]
    public async Task AMethodThatATowerHasNotIsRefusedBeforeTheFirstRun()
    {
        string data = EmojiSample.Write(_folder);
        Recipe[] recipes = [SampleRecipe.Load(data, "head", "train.epochs=1"), SampleRecipe.Load(data, "ia3", "backbones.image.frozen=false")];
        var error = await Assert.ThrowsAsync<UserException>(() => ComparisonRunner.RunAsync(recipes, _folder.File("runs"), _ => null));
        Assert.StartsWith("ia3 is not defined for mobilenet_v2", error.Message);
        Assert.False(Directory.Exists(_folder.File("runs")));
    }

    [Fact]
    public async Task AllMethodsRunOneAfterTheOther()
    {
        string data = EmojiSample.Write(_folder);
        Recipe[] recipes = [.. TuningRegistry.Methods.Keys.Select(method => SampleRecipe.Load(data, method, "train.epochs=1"))];
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(recipes, _folder.File("runs"), _ => null);
        Assert.Equal(13, results.Count);
        Assert.Equal(TuningRegistry.Methods.Keys, results.Select(result => result.Method));
        Assert.All(results, result => Assert.InRange(result.Test["rsum"], 1, 600));
        Assert.True(results.Select(result => result.TrainableParameters).Distinct().Count() > 10);
    }

    [Fact]
    public async Task FinishedRunsAreNotRepeatedAndStoppedOnesContinue()
    {
        string data = EmojiSample.Write(_folder);
        Recipe[] recipes = [.. new[] { 1, 2 }.Select(seed => SampleRecipe.Load(data, "head", $"seed={seed}", "train.epochs=1"))];
        using (var stop = new StopWhen(step: 1))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ComparisonRunner.RunAsync(
                recipes, _folder.File("runs"), recipe => recipe.Seed == 2 ? stop : null, cancellation: stop.Token));
            Assert.Single(stop.Steps);
        }

        using var watch = new StopWhen();
        var observed = new List<long>();
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(recipes, _folder.File("runs"), recipe =>
        {
            observed.Add(recipe.Seed);
            return watch;
        });
        Assert.Equal([2], observed);
        Assert.Equal([2, 3], watch.Steps.Select(step => step.Position.Step));
        Assert.Equal([1, 2], results.Select(result => result.Seed));

        recipes[0] = recipes[0] with { Train = recipes[0].Train with { LearningRate = 0.5 } };
        var error = await Assert.ThrowsAsync<UserException>(() => ComparisonRunner.RunAsync(recipes, _folder.File("runs"), _ => null));
        Assert.Contains("began with another recipe: train.learning_rate was", error.Message);
        Assert.All(results, result => Assert.Equal(3, result.Steps));
    }

    [Fact]
    public async Task RunsOnOtherDataAreNotPutIntoTheSameTable()
    {
        string data = EmojiSample.Write(_folder);
        Recipe head = SampleRecipe.Load(data, "head", "train.epochs=1");
        Recipe unipt = SampleRecipe.Load(data, "unipt", "train.epochs=1");
        await ComparisonRunner.RunAsync([head], _folder.File("runs"), _ => null);
        string metadata = Path.Combine(data, "train", "metadata.jsonl");
        string before = File.ReadAllText(metadata);
        File.WriteAllText(metadata, before.Replace("face", "head"));

        var changed = await Assert.ThrowsAsync<UserException>(() => ComparisonRunner.RunAsync([unipt, head], _folder.File("runs"), _ => null));
        Assert.StartsWith($"The data changed since the run in {_folder.File("runs", "head-seed1")} began", changed.Message);
        Assert.Equal(["head-seed1"], Directory.GetDirectories(_folder.File("runs")).Select(Path.GetFileName));

        File.WriteAllText(metadata, before);
        string info = _folder.File("runs", "head-seed1", "run.json");
        File.WriteAllText(info, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(info), "\"library\": \"[^\"]*\"", "\"library\": \"0.0.1\""));
        var older = await Assert.ThrowsAsync<UserException>(() => ComparisonRunner.RunAsync([unipt, head], _folder.File("runs"), _ => null));
        Assert.Contains("was begun by version 0.0.1", older.Message);
    }
}
