using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Runs;

/// <summary>
/// A run's folder: the resolved recipe, metrics as JSON lines and TensorBoard events, the checkpoint, the best adapter and, at the end, the
/// figures. One process at a time may train in it.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private const string LockFile = ".lock";
    private const int MostDifferences = 5;
    private readonly FileStream _lock;

    private RunDirectory(string folder, FileStream held) => (Folder, _lock) = (folder, held);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>What every step and evaluation measured, as JSON lines.</summary>
    public string MetricsFile => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>The same as TensorBoard reads it.</summary>
    public string EventsFolder => Path.Combine(Folder, "events");

    /// <summary>The state to continue from.</summary>
    public string CheckpointFile => Path.Combine(Folder, "checkpoints", "last.safetensors");

    /// <summary>The best adapter so far.</summary>
    public string AdapterFolder => Path.Combine(Folder, "adapter");

    /// <summary>Where hidden states are kept while the run goes on.</summary>
    public string CacheFolder => Path.Combine(Folder, "cache");

    /// <summary>The report.</summary>
    public string ReportFile => Path.Combine(Folder, "report.html");

    /// <summary>Begins a run.</summary>
    /// <param name="folder">A folder that is not there yet or empty.</param>
    /// <param name="recipe">What is trained.</param>
    /// <param name="inputs">Tells whether what it reads is still the same when the run continues.</param>
    /// <exception cref="UserException">The folder already has something in it, or cannot be written.</exception>
    public static RunDirectory Create(string folder, Recipe recipe, RunInputs inputs)
    {
        RequireFree(folder);
        FileStream held = Lock(folder);
        try
        {
            // The recipe comes last: a folder is a run once it is there.
            JsonFile.Write(InfoFile(folder), RunInfo.Now(inputs));
            AtomicFile.WriteText(RecipeFile(folder), recipe.ToYaml());
            return new RunDirectory(folder, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Continues a run with the recipe and inputs that it began with; from now on it has the paths that the recipe names.</summary>
    /// <exception cref="UserException">
    /// There is none, another process trains in it, or recipe or inputs are not those it began with.
    /// </exception>
    public static RunDirectory Resume(string folder, Recipe recipe, RunInputs inputs)
    {
        if (!IsRun(folder))
        {
            throw new UserException($"{folder} holds no run to continue.");
        }

        RequireSame(folder, recipe, inputs);
        var run = new RunDirectory(folder, Lock(folder));
        try
        {
            run.RemoveUnfinishedFiles();
            AtomicFile.WriteText(RecipeFile(folder), recipe.ToYaml());
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a run began with this recipe and read the same; where the files are does not matter.</summary>
    /// <exception cref="UserException">It did not, or a file of the run is damaged.</exception>
    internal static void RequireSame(string folder, Recipe recipe, RunInputs inputs)
    {
        RunInputs began = InputsOf(folder);
        IReadOnlyList<string> differences = Differences(folder, recipe, began);
        if (differences.Count > 0)
        {
            string shown = string.Join(", ", differences.Take(MostDifferences));
            throw new UserException(
                $"The run in {folder} began with another recipe: {shown}; "
                + "continue it with the recipe it began with, or start a new one with --out.");
        }

        if (began.ChangedIn(inputs) is { } changed)
        {
            throw new UserException(
                $"The {changed} changed since the run in {folder} began; it continues only on the same: put back what was there, or start a new run with --out.");
        }
    }

    /// <summary>Checks that the figures of a run can stand beside those of new ones.</summary>
    /// <exception cref="UserException">As <see cref="RequireSame"/>, or another version of this library began it.</exception>
    internal static void RequireComparable(string folder, Recipe recipe, RunInputs inputs)
    {
        RequireSame(folder, recipe, inputs);
        if (Info(folder).Library is var library && library != RunInfo.CurrentLibrary)
        {
            throw new UserException(
                $"The run in {folder} was begun by version {library}, and its figures may not be compared with those of {RunInfo.CurrentLibrary}; name another folder with --out.");
        }
    }

    /// <summary>Whether the folder holds a run, finished or not.</summary>
    public static bool IsRun(string folder) => File.Exists(RecipeFile(folder)) && File.Exists(InfoFile(folder));

    /// <summary>Whether the folder holds a run that has its figures.</summary>
    public static bool IsFinished(string folder) => IsRun(folder) && File.Exists(ResultFile(folder));

    /// <summary>The figures of a finished run of exactly this recipe and inputs; null where there is none.</summary>
    /// <exception cref="UserException">A file of the run is damaged.</exception>
    public static RunResult? FinishedResult(string folder, Recipe recipe, RunInputs inputs) =>
        IsFinished(folder)
        && InputsOf(folder) is var began
        && Differences(folder, Settle(folder, recipe), began).Count == 0
        && began.ChangedIn(inputs) is null
            ? RunResult.Read(ResultFile(folder)) with { Folder = folder }
            : null;

    /// <summary>What a run read when it began.</summary>
    internal static RunInputs InputsOf(string folder) => Info(folder).Inputs;

    /// <summary>The recipe with the precision that the run in a folder began with, where the recipe leaves that to the machine.</summary>
    internal static Recipe Settle(string folder, Recipe recipe) =>
        recipe.Precision == Precision.Auto && IsRun(folder)
            && RecipeDifference.PrecisionOf(TextFile.Read(RecipeFile(folder), "a run's recipe"), RecipeFile(folder)) is { } began
                ? recipe with { Precision = began }
                : recipe.Settle();

    /// <summary>Opens the metrics as they were at a position; what came later is dropped.</summary>
    internal MetricsLog OpenMetrics(TrainingPosition position) => MetricsLog.Open(MetricsFile, EventsFolder, position);

    /// <summary>Writes the figures of the finished run.</summary>
    internal void WriteResult(RunResult result) => JsonFile.Write(ResultFile(Folder), result);

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>A killed process leaves what it was writing, and hidden states that nobody will read, which may be large.</summary>
    private void RemoveUnfinishedFiles()
    {
        IEnumerable<string> kept = Directory.Exists(CacheFolder) ? Directory.EnumerateFiles(CacheFolder, "*.safetensors") : [];
        foreach (string file in Directory.EnumerateFiles(Folder, "*.tmp", SearchOption.AllDirectories).Concat(kept).ToArray())
        {
            File.Delete(file);
        }
    }

    private static string RecipeFile(string folder) => Path.Combine(folder, "recipe.yaml");

    private static string InfoFile(string folder) => Path.Combine(folder, "run.json");

    private static string ResultFile(string folder) => Path.Combine(folder, "result.json");

    private static RunInfo Info(string folder) => JsonFile.Read<RunInfo>(InfoFile(folder), "how a run began");

    /// <summary>Differences between the recipes; the path of what is told by its content is none.</summary>
    private static IReadOnlyList<string> Differences(string folder, Recipe recipe, RunInputs began) => RecipeDifference.Find(
        TextFile.Read(RecipeFile(folder), "a run's recipe"),
        RecipeFile(folder),
        recipe,
        [.. began.Keys]);

    private static void RequireFree(string folder)
    {
        if (File.Exists(folder))
        {
            throw new UserException($"{folder} is a file; a run needs a folder.");
        }

        if (IsRun(folder))
        {
            throw new UserException(
                $"{folder} already holds a run; continue it with --resume, or name another folder with --out.");
        }

        // What a process leaves that was killed while it began is no obstacle.
        if (Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
                .Any(name => name != LockFile && !name!.StartsWith("run.json", StringComparison.Ordinal)))
        {
            throw new UserException($"{folder} is not empty and holds no run; name another folder with --out.");
        }
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return FileLock.TryTake(Path.Combine(folder, LockFile))
                ?? throw new UserException($"Another process trains in {folder}; wait for it, or name another folder with --out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write to {folder}: {error.Message}", error);
        }
    }
}
