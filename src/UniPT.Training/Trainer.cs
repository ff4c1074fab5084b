using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Features;
using UniPT.Training.Loop;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Training;

/// <summary>Trains what a recipe describes.</summary>
public static class Trainer
{
    /// <summary>What to lower where a training step does not fit.</summary>
    internal static string MemoryAdvice(Recipe recipe) =>
        $"lower train.batch_size{(TaskRegistry.Create(recipe).InputSizeOption is { } option ? $" or {option}" : "")}, or take a method that trains less";

    /// <summary>
    /// Trains in a folder, evaluates the best adapter on the test split and writes the figures. A folder with an
    /// unfinished run of the same recipe and data is continued, to the same bits as if it had not been stopped; in one with a
    /// finished run nothing is done, and its figures are given back.
    /// </summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="folder">The run's folder; made if it is not there.</param>
    /// <param name="resume">Whether the folder must hold a run to continue; otherwise it must hold none.</param>
    /// <param name="observer">Told of every step and evaluation.</param>
    /// <param name="cancellation">Saves the state and stops.</param>
    /// <exception cref="UserException">Something in the recipe, the data or the folder is wrong.</exception>
    /// <exception cref="TensorMemoryException">There was not enough memory; what was done since the last checkpoint is lost.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the run can be resumed.</exception>
    public static Task<RunResult> RunAsync(
        Recipe recipe, string folder, bool resume = false, ITrainingObserver? observer = null, CancellationToken cancellation = default) =>
        RunAsync(recipe, folder, resume, observer, null, cancellation);

    /// <summary>The same; a shelf that other runs share keeps the hidden states for them.</summary>
    internal static Task<RunResult> RunAsync(
        Recipe recipe, string folder, bool resume, ITrainingObserver? observer, HiddenStateShelf? shelf, CancellationToken cancellation) =>
        Task.Run(() => TorchErrors.Explain(() => Run(recipe, folder, resume, observer, shelf, cancellation), MemoryAdvice(recipe)), cancellation);

    private static RunResult Run(
        Recipe recipe, string folder, bool resume, ITrainingObserver? observer, HiddenStateShelf? shelf, CancellationToken cancellation)
    {
        Configure(recipe);
        recipe = resume ? RunDirectory.Settle(folder, recipe) : recipe.Settle();
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        var inputs = RunInputs.Of(recipe, data.Fingerprint);
        if (resume && RunDirectory.FinishedResult(folder, recipe, inputs) is { } finished)
        {
            return finished;
        }

        data.RequireMeasurable("val");
        foreach (string sentence in data.Notices.Prepend(data.Summary))
        {
            observer?.Noticed(sentence);
        }

        TensorMemory.Trim();
        ProcessMemory.ResetPeak();
        using TaskModel model = TaskModelBuilder.Build(task, data.Content);
        foreach (string sentence in data.Fit(model, "train", "val", "test"))
        {
            observer?.Noticed(sentence);
        }

        WeightGroups.Apply(TrainedParameters.Groups(model, recipe.Train), recipe.Train.Groups);

        // Only now, so that a run that cannot begin leaves no folder behind.
        using RunDirectory run = resume
            ? RunDirectory.Resume(folder, recipe, inputs)
            : RunDirectory.Create(folder, recipe, inputs);
        bool continues = resume && File.Exists(run.CheckpointFile);
        if (continues)
        {
            RunState.Require(run.CheckpointFile);
        }

        using HiddenStateShelf? own = shelf is null ? new HiddenStateShelf() : null;
        var reader = new HiddenStateReader(data);
        (shelf ?? own!).Serve(reader, recipe, model, data, run.CacheFolder);
        using var training = new TaskTraining(task, recipe, model, data, reader, to => AdapterFolder.Save(to, task, model));
        using var state = RunState.Create(training, recipe.Train);
        TrainingPosition position = continues
            ? state.Load(run.CheckpointFile)
            : TrainingPosition.Start;
        using MetricsLog log = run.OpenMetrics(position);
        var recorder = new RunRecorder(log, observer);
        var loop = new TrainingLoop(training, state, Settings(recipe, training), run.CheckpointFile, run.AdapterFolder, recorder);
        position = loop.Run(position, cancellation);

        long? peak = ProcessMemory.Peak;
        RunResult result = Figures(task, model, data, position, recorder, state.ByteCount, peak, run, cancellation);
        run.WriteResult(result);
        return result;
    }

    internal static void Configure(Recipe recipe)
    {
        TensorMemory.Watch();
        TorchRuntime.Threads = recipe.Threads > 0 ? recipe.Threads : TorchRuntime.DefaultThreads;
        TorchRuntime.UseDeterministicAlgorithms(true);
        recipe.Device.Require();
    }

    internal static TrainingSettings Settings(Recipe recipe, TrainingTask task) =>
        TrainingSettings.Of(recipe.Train, recipe.Seed, task.StepsPerEpoch) with { Workers = recipe.Data.Workers, Device = recipe.Device.Name() };

    private static string NameOf(ScalarType type) => type.ToString().ToLowerInvariant();

    private static RunResult Figures(
        LearningTask task,
        TaskModel model,
        TaskData data,
        TrainingPosition position,
        RunRecorder recorder,
        long stateBytes,
        long? peak,
        RunDirectory run,
        CancellationToken cancellation)
    {
        Recipe recipe = task.Recipe;
        using DisposeScope scope = torch.NewDisposeScope();
        AdapterFolder.LoadState(run.AdapterFolder, model);
        model.SetTraining(false);
        return new RunResult
        {
            Name = recipe.Name,
            Task = recipe.Task.Name,
            Method = recipe.Method.Name,
            Seed = recipe.Seed,
            Epochs = position.Epoch,
            Steps = position.Step,
            BestEpoch = position.BestEpoch,
            BestValidation = task.Primary.Merit(position.BestScore ?? double.NaN),
            Test = data.Evaluate([model], data.MeasuredSplit, new HiddenStateReader(data), cancellation)[0],
            TestSplit = data.MeasuredSplit,
            TrainableParameters = model.TrainableParameters,
            TotalParameters = model.TotalParameters,
            StepMemory = recorder.Memory ?? new StepMemory(model.WeightBytes, null, null, stateBytes),
            ProcessPeak = peak,
            SecondsPerEpoch = recorder.MedianEpochSeconds,
            Conditions = new RunConditions(
                recipe.Train.BatchSize,
                data.Conditions,
                NameOf(model.Trained.Parameters.Values.Concat(model.Tuned.Values.SelectMany(tuned => tuned.Backbone.Store.Trainable.Select(pair => pair.Value))).First().dtype),
                TorchRuntime.Threads,
                recipe.Device.Name(),
                TorchRuntime.Version,
                Machine.Processor,
                recipe.Train.Cache && !model.ChangesHiddenStates,
                DateTime.UtcNow,
                NameOf(model.Tuned.Values.First().Backbone.Type)),
            Folder = run.Folder,
        };
    }
}
