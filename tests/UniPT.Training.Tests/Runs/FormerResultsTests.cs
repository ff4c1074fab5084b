using UniPT.Testing;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests.Recipes;

namespace UniPT.Training.Tests.Runs;

public sealed class FormerResultsTests : IDisposable
{
    private static readonly string Results = Path.Combine(RepositoryPaths.Root, "benchmarks", "results");
    private static readonly string Old = Path.Combine(Results, "demo-full.json");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_committed_result_of_an_earlier_version_reads()
    {
        Assert.Contains("\"longest_caption\": 21", File.ReadAllText(Old));
        RunResult result = RunResult.Read(Old);

        Assert.Equal(("retrieval", "full", 238.7), (result.Task, result.Method, result.Test["rsum"]));
        Assert.Equal([new("Image size", "160 px"), new("Longest caption", "21 tokens")], result.Conditions.Inputs);
        Assert.Equal((64, "float32", "AMD EPYC"), (result.Conditions.BatchSize, result.Conditions.Type, result.Conditions.Processor));
    }

    [Fact]
    public void So_do_several_in_one_file() => Assert.All(
        RunResult.ReadAll(Path.Combine(Results, "methods.json")),
        run => Assert.Equal(("retrieval", "96 px"), (run.Task, run.Conditions.Inputs["Image size"])));

    [Fact]
    public void And_the_figures_of_a_run_that_an_earlier_version_finished()
    {
        using var recipes = new RecipeFolder();
        Recipe recipe = recipes.Parse(RecipeFolder.Valid);
        var inputs = new RunInputs("data", new Dictionary<string, string>());
        string run = _folder.File("run");
        RunDirectory.Create(run, recipe, inputs).Dispose();
        File.Copy(Old, Path.Combine(run, "result.json"));

        RunResult finished = RunDirectory.FinishedResult(run, recipe, inputs)!;

        Assert.Equal(("retrieval", "21 tokens"), (finished.Task, finished.Conditions.Inputs["Longest caption"]));
    }

    [Fact]
    public void What_has_todays_form_stays()
    {
        RunResult result = RunResult.Read(Old);
        var inputs = new Dictionary<string, string> { ["Longest text"] = "512 tokens" };
        JsonFile.Write(_folder.File("result.json"), result with { Task = "texts", Conditions = result.Conditions with { Inputs = inputs } });

        RunResult read = RunResult.Read(_folder.File("result.json"));

        Assert.Equal("texts", read.Task);
        Assert.Equal(inputs, read.Conditions.Inputs);
    }

    [Theory]
    [InlineData("{\"conditions\": {\"image_size\": 1, \"image_size\": 2}}")]
    [InlineData("{\"conditions\": {\"image_size\": 1}}")]
    [InlineData("[[3]]")]
    [InlineData("3")]
    public void What_is_no_result_is_said_to_be_damaged(string content)
    {
        string file = _folder.File("result.json");
        File.WriteAllText(file, content);

        Assert.StartsWith($"{file} is damaged (a run's figures): ", Assert.Throws<UserException>(() => RunResult.Read(file)).Message);
        Assert.StartsWith($"{file} is damaged (the figures of several runs): ", Assert.Throws<UserException>(() => RunResult.ReadAll(file)).Message);
    }
}
