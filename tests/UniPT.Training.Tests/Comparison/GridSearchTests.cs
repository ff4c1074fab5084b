using UniPT.Testing;
using UniPT.Training.Comparison;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests.Comparison;

public sealed class GridSearchTests : IDisposable
{
    private static readonly string File = Path.Combine(RepositoryPaths.Root, "recipes", "emoji-small", "head.yaml");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Points_are_all_combinations()
    {
        var grid = OptionGrid.Parse(["train.learning_rate=1e-4, 1e-3", "train.step_epochs=[1,2],[3]"]);

        Assert.Equal(
            [
                ["train.learning_rate=1e-4", "train.step_epochs=[1,2]"],
                ["train.learning_rate=1e-4", "train.step_epochs=[3]"],
                ["train.learning_rate=1e-3", "train.step_epochs=[1,2]"],
                ["train.learning_rate=1e-3", "train.step_epochs=[3]"],
            ],
            grid.Points);
    }

    [Theory]
    [InlineData("train.learning_rate", "expected key=value,value")]
    [InlineData("train.learning_rate=", "expected key=value,value")]
    [InlineData("train.learning_rate=1,,2", "expected key=value,value")]
    [InlineData("=1,2", "expected key=value,value")]
    [InlineData("train.learning_rate=1,1", "a value comes twice")]
    [InlineData("a=1,2 a=3", "names a twice")]
    [InlineData("", "A grid needs an option")]
    [InlineData("a=1,2,3,4,5,6,7,8,9,10 b=1,2,3,4,5,6,7,8,9,10 c=1,2,3,4,5,6,7,8,9,10,11", "at most 1000")]
    public void Says_what_is_wrong_with_a_grid(string axes, string message) => Assert.Contains(
        message, Assert.Throws<UserException>(() => OptionGrid.Parse(axes.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Message);

    /// <summary>A rate of 0 learns nothing, so the other one wins where the start is poor; every run is shown, and none is repeated.</summary>
    [Fact]
    public async Task The_best_point_of_each_method_gets_all_seeds()
    {
        string data = EmojiSample.Write(_folder);
        string[] overrides = [$"data.path={data}", "data.image_size=32", "task.embedding=16", "threads=1", "train.batch_size=4", "train.epochs=2", "train.warmup_steps=0", "method.direct.enabled=false"];
        var began = new List<string>();
        Task<GridResult> Search() => GridSearch.RunAsync(
            File, ["head"], OptionGrid.Parse(["train.learning_rate=0,1e-2"]), 2, overrides, _folder.File("tune"), (recipe, label) =>
            {
                began.Add($"{label} {recipe.Seed} {recipe.Train.LearningRate}");
                return null;
            });

        GridResult result = await Search();

        Assert.Equal(["head-learning_rate_0 1 0", "head-learning_rate_1e-2 1 0.01"], began[..2]);
        Assert.Equal(3, began.Count);
        GridTrial chosen = Assert.Single(result.Trials, trial => trial.IsChosen);
        Assert.All(result.Trials, trial => Assert.True(trial.Result.BestValidation <= chosen.Result.BestValidation));
        Assert.Equal(["train.learning_rate"], chosen.AtEdge);
        Assert.Equal([("head", 1L), ("head", 2L)], result.Chosen.Select(run => (run.Label, run.Seed)));
        Assert.Equal(chosen.Result.Test, result.Chosen[0].Test);

        began.Clear();
        GridResult again = await Search();

        Assert.Empty(began);
        Assert.Equal(result.Chosen.Select(run => run.Test["rsum"]), again.Chosen.Select(run => run.Test["rsum"]));
        Assert.True(RunDirectory.IsFinished(_folder.File("tune", "head-learning_rate_0-seed1")));
    }
}
