using System.Diagnostics;
using UniPT.Testing;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests.Recipes;

namespace UniPT.Training.Tests.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private static readonly RunInputs Data = new("data", Files("image", "text", "vocabulary"));
    private readonly TemporaryFolder _folder = new();
    private readonly RecipeFolder _recipes = new();
    private readonly Recipe _recipe;

    public RunDirectoryTests() => _recipe = _recipes.Parse(RecipeFolder.Valid);

    private string Run => _folder.File("runs", "first");

    public void Dispose()
    {
        _folder.Dispose();
        _recipes.Dispose();
    }

    [Fact]
    public void A_new_run_has_its_recipe_in_it()
    {
        using RunDirectory run = RunDirectory.Create(Run, _recipe, Data);

        Assert.Equal(_recipe, Recipe.Load(Path.Combine(Run, "recipe.yaml"), SampleMethods.Catalog));
        Assert.StartsWith(Run, run.CheckpointFile);
        Assert.StartsWith(Run, run.AdapterFolder);
    }

    [Fact]
    public void Takes_an_empty_folder_and_one_where_a_run_was_stopped_before_it_began()
    {
        Directory.CreateDirectory(Run);
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        File.Delete(Path.Combine(Run, "run.json"));
        File.Delete(Path.Combine(Run, "recipe.yaml"));

        RunDirectory.Create(Run, _recipe, Data).Dispose();

        Assert.True(RunDirectory.IsRun(Run));
    }

    [Fact]
    public void Removes_what_a_killed_process_did_not_finish()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        Directory.CreateDirectory(Path.Combine(Run, "cache"));
        string unfinished = Path.Combine(Run, "cache", "train.pictures.safetensors.7.tmp");
        File.WriteAllText(unfinished, "");

        using RunDirectory run = RunDirectory.Resume(Run, _recipe, Data);

        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public void Does_not_begin_where_something_else_is()
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "thesis.txt"), "");
        string file = _folder.File("file");
        File.WriteAllText(file, "");

        Assert.StartsWith($"{Run} is not empty and holds no run;", Refused(() => RunDirectory.Create(Run, _recipe, Data)));
        Assert.StartsWith($"{file} is a file;", Refused(() => RunDirectory.Create(file, _recipe, Data)));
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(Run).Select(Path.GetFileName));
    }

    [Fact]
    public void Does_not_begin_over_a_run()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();

        Assert.StartsWith($"{Run} already holds a run;", Refused(() => RunDirectory.Create(Run, _recipe, Data)));
    }

    [Fact]
    public void Continues_with_the_same_recipe_and_data()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();

        Assert.True(RunDirectory.IsRun(Run));
        RunDirectory.Resume(Run, _recipe, Data).Dispose();
    }

    [Fact]
    public void Decoder_threads_and_checkpoints_may_differ_when_a_run_continues()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();

        Recipe changed = _recipes.Parse(RecipeFolder.Valid, "data.workers=7", "train.checkpoint_every_steps=3");

        RunDirectory.Resume(Run, changed, Data).Dispose();
    }

    [Fact]
    public void Says_which_option_differs_when_a_run_cannot_continue()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        Recipe changed = _recipes.Parse(RecipeFolder.Valid, "train.epochs=5", "method.width=32", "train.step_epochs=[2]");

        Assert.Equal(
            $"The run in {Run} began with another recipe: method.width was 64 and is 32, train.epochs was 3 and is 5, "
            + "train.step_epochs was [] and is [2]; continue it with the recipe it began with, or start a new one with --out.",
            Refused(() => RunDirectory.Resume(Run, changed, Data)));
    }

    [Fact]
    public void Does_not_continue_on_changed_data_or_where_no_run_is()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        string nowhere = _folder.File("nowhere");

        Assert.Contains("changed since the run", Refused(() => RunDirectory.Resume(Run, _recipe, Data with { Data = "other" })));
        Assert.StartsWith($"{nowhere} holds no run", Refused(() => RunDirectory.Resume(nowhere, _recipe, Data)));
        Assert.False(RunDirectory.IsRun(nowhere));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("image weights")]
    [InlineData("text weights")]
    [InlineData("vocabulary")]
    public void What_a_run_reads_may_move_but_not_change(string what)
    {
        string[] moved = ["data.path", "backbones.image.weights", "backbones.text.weights", "backbones.text.vocabulary"];
        Directory.CreateDirectory(_recipes.PathOf("elsewhere"));
        Recipe recipe = _recipes.Parse(RecipeFolder.Valid, [.. moved.Select(key => $"{key}=elsewhere")]);
        using (RunDirectory run = RunDirectory.Create(Run, _recipe, Data))
        {
            run.WriteResult(Result());
        }

        RunInputs changed = what switch
        {
            "data" => Data with { Data = "other" },
            "image weights" => Data with { Files = Files("other", "text", "vocabulary") },
            "text weights" => Data with { Files = Files("image", "other", "vocabulary") },
            _ => Data with { Files = Files("image", "text", "other") },
        };
        Assert.StartsWith($"The {what} changed since the run in {Run} began", Refused(() => RunDirectory.Resume(Run, recipe, changed)));
        Assert.Null(RunDirectory.FinishedResult(Run, recipe, changed));

        Assert.NotNull(RunDirectory.FinishedResult(Run, recipe, Data));
        RunDirectory.Resume(Run, recipe, Data).Dispose();
        Assert.Equal(recipe, Recipe.Load(Path.Combine(Run, "recipe.yaml"), SampleMethods.Catalog));
        RunDirectory.Resume(Run, _recipe, Data).Dispose();
    }

    [Fact]
    public void Where_an_earlier_version_noted_only_the_data_the_other_paths_must_be_the_same()
    {
        RunDirectory.Create(Run, _recipe, new RunInputs("data", new Dictionary<string, string>())).Dispose();
        Directory.CreateDirectory(_recipes.PathOf("elsewhere"));

        RunDirectory.Resume(Run, _recipes.Parse(RecipeFolder.Valid, "data.path=elsewhere"), Data).Dispose();

        Assert.Contains("backbones.image.weights was", Refused(() => RunDirectory.Resume(Run, _recipes.Parse(RecipeFolder.Valid, "backbones.image.weights=elsewhere"), Data)));
    }

    [Theory]
    [InlineData("run.json", "")]
    [InlineData("run.json", "{")]
    [InlineData("run.json", "null")]
    [InlineData("run.json", "[1]")]
    [InlineData("run.json", "{}")]
    [InlineData("recipe.yaml", "a: [")]
    [InlineData("recipe.yaml", "- a")]
    public void Says_which_file_of_a_run_is_damaged(string file, string content)
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        string path = Path.Combine(Run, file);
        File.WriteAllText(path, content);

        Assert.Contains(path, Refused(() => RunDirectory.Resume(Run, _recipe, Data)));
    }

    [Fact]
    public void One_process_at_a_time_trains_in_a_folder()
    {
        using (RunDirectory first = RunDirectory.Create(Run, _recipe, Data))
        {
            Assert.StartsWith($"Another process trains in {Run}", Refused(() => RunDirectory.Resume(Run, _recipe, Data)));
        }

        RunDirectory.Resume(Run, _recipe, Data).Dispose();
    }

    [Fact]
    public void A_process_that_was_killed_does_not_keep_the_folder()
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        using Process holder = Process.Start("flock", [Path.Combine(Run, ".lock"), "sleep", "600"]);
        try
        {
            Assert.True(SpinWait.SpinUntil(() => IsHeld(Run), TimeSpan.FromMinutes(1)));
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            holder.WaitForExit();
        }

        Assert.True(SpinWait.SpinUntil(() => !IsHeld(Run), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Says_that_a_folder_cannot_be_written() =>
        Assert.StartsWith(
            "Cannot write to /dev/null/run: ", Refused(() => RunDirectory.Create("/dev/null/run", _recipe, Data)));

    [Fact]
    public void Gives_back_the_figures_of_a_finished_run()
    {
        RunResult result = Result();
        using (RunDirectory run = RunDirectory.Create(Run, _recipe, Data))
        {
            Assert.Null(RunDirectory.FinishedResult(Run, _recipe, Data));
            run.WriteResult(result);
        }

        RunResult finished = RunDirectory.FinishedResult(Run, _recipe, Data)!;

        Assert.Equal(Run, finished.Folder);
        Assert.Equal(result.Test, finished.Test);
        Assert.Equal(result.Conditions.Inputs, finished.Conditions.Inputs);
        Assert.Equal(result with { Folder = Run, Test = finished.Test, Conditions = finished.Conditions }, finished);
        Assert.Null(RunDirectory.FinishedResult(Run, _recipes.Parse(RecipeFolder.Valid, "seed=2"), Data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"name\": 3}")]
    public void Says_that_figures_are_damaged(string content)
    {
        RunDirectory.Create(Run, _recipe, Data).Dispose();
        string path = Path.Combine(Run, "result.json");
        File.WriteAllText(path, content);

        Assert.StartsWith($"{path} is damaged (a run's figures): ", Refused(() => RunDirectory.FinishedResult(Run, _recipe, Data)));
    }

    private static Dictionary<string, string> Files(string image, string text, string vocabulary) => new()
    {
        ["backbones.image.weights"] = image,
        ["backbones.text.weights"] = text,
        ["backbones.text.vocabulary"] = vocabulary,
    };

    private bool IsHeld(string folder)
    {
        try
        {
            RunDirectory.Resume(folder, _recipe, Data).Dispose();
            return false;
        }
        catch (UserException error)
        {
            Assert.StartsWith($"Another process trains in {folder}", error.Message);
            return true;
        }
    }

    private static string Refused(Func<object?> action) => Assert.Throws<UserException>(action).Message;

    private static RunResult Result() => new()
    {
        Name = "sample",
        Task = "retrieval",
        Method = "wide",
        Seed = 1,
        Epochs = 3,
        Steps = 9,
        BestEpoch = 2,
        BestValidation = double.NaN,
        Test = new Dictionary<string, double> { ["rsum"] = 123.5 },
        TestSplit = "test",
        TrainableParameters = 10,
        TotalParameters = 20,
        StepMemory = new StepMemory(1, 2, 3, 4),
        ProcessPeak = 1 << 20,
        SecondsPerEpoch = 1.5,
        Conditions = new RunConditions(8, new Dictionary<string, string> { ["Image size"] = "224 px" }, "float32", 1, "cpu", "1.13.1", "processor", false, DateTime.UnixEpoch),
    };
}
