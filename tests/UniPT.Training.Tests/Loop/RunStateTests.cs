using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Loop;

public sealed class RunStateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Checkpoint => _folder.File("last.safetensors");

    [Fact]
    public void WhatWasSavedIsLoaded()
    {
        using var task = new LineTask();
        using var state = new RunState(task, new AdamW(task.ParameterGroups));
        var position = new TrainingPosition(3, 2, 11, 0.25, 1, 9, 4);
        state.Save(Checkpoint, position);

        RunState.Require(Checkpoint);
        Assert.Equal(position, state.Load(Checkpoint));
    }

    /// <summary>As the version with an engine of its own on libtorch 1.13 wrote them.</summary>
    [Fact]
    public void ACheckpointOfTheEarlierEngineIsRefused()
    {
        using var task = new LineTask();
        using var state = new RunState(task, new AdamW(task.ParameterGroups));
        WriteEarlier(Checkpoint, task);

        UserException error = Assert.Throws<UserException>(() => state.Load(Checkpoint));
        Assert.Equal(
            $"{Checkpoint} was written by an earlier version of unipt, whose engine was libtorch 1.13, and libtorch {TorchRuntime.Version} cannot continue it to the same bits; "
            + "start a new run with --out, or finish this one where it began.",
            error.Message);
    }

    [Theory]
    [InlineData("unipt-checkpoint-2", "2.9.1", "was written by libtorch 2.9.1, and libtorch ")]
    [InlineData("unipt-checkpoint-2", null, "was written by libtorch unknown, and libtorch ")]
    [InlineData("unipt-checkpoint-3", "2.10.0", "is not a checkpoint of a run: its format is unipt-checkpoint-3, expected unipt-checkpoint-2.")]
    [InlineData(null, null, "is not a checkpoint of a run: its format is not given, expected unipt-checkpoint-2.")]
    public void OneOfAnotherLibtorchOrFormatIsRefused(string? format, string? libtorch, string expected)
    {
        Dictionary<string, string> metadata = [];
        if (format is not null)
        {
            metadata["format"] = format;
        }

        if (libtorch is not null)
        {
            metadata["libtorch"] = libtorch;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(Checkpoint, new Dictionary<string, Tensor> { ["model.w"] = torch.ones(1) }, metadata);

        Assert.Contains(expected, Assert.Throws<UserException>(() => RunState.Require(Checkpoint)).Message);
    }

    [Fact]
    public async Task ARunOfTheEarlierEngineIsRefusedForResumeAndStaysWhatItIs()
    {
        Recipe recipe = SampleRecipe.Load(EmojiSample.Write(_folder), "head", "train.epochs=1");
        string run = _folder.File("run");
        await Trainer.RunAsync(recipe, run);
        File.Delete(Path.Combine(run, "result.json"));
        string checkpoint = Path.Combine(run, "checkpoints", "last.safetensors");
        using (var task = new LineTask())
        {
            WriteEarlier(checkpoint, task);
        }

        string[] before = Contents(run);
        UserException error = await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(recipe, run, resume: true));
        Assert.Contains("written by an earlier version of unipt", error.Message);
        Assert.Equal(before, Contents(run));
    }

    /// <summary>Hidden states of an earlier engine that a killed run left are not read.</summary>
    [Fact]
    public async Task CachesAreMadeAnew()
    {
        Recipe recipe = SampleRecipe.Load(EmojiSample.Write(_folder), "head", "train.epochs=1", "train.cache=true");
        using var first = new StopWhen(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Trainer.RunAsync(recipe, _folder.File("run"), observer: first, cancellation: first.Token));
        using (torch.NewDisposeScope())
        {
            foreach (string name in new[] { "train.pictures", "train.captions", "val.pictures", "val.captions" })
            {
                SafetensorsWriter.Write(_folder.File("run", "cache", $"{name}.safetensors"), new Dictionary<string, Tensor> { ["layer.000"] = torch.full([12, 3], Scalars.Of(7f)) });
            }
        }

        using var resumed = new StopWhen();
        await Trainer.RunAsync(recipe, _folder.File("run"), resume: true, observer: resumed);
        using var calm = new StopWhen();
        await Trainer.RunAsync(recipe, _folder.File("calm"), observer: calm);

        Assert.Equal(calm.Steps.Skip(1).Select(step => step.Loss), resumed.Steps.Select(step => step.Loss));
        Assert.Empty(Directory.GetFiles(_folder.File("run", "cache")));
    }

    private static void WriteEarlier(string path, LineTask task)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(
            path,
            new Dictionary<string, Tensor> { ["model.w"] = task.Weight, ["optimizer.w.mean"] = torch.ones(1), ["optimizer.w.square"] = torch.ones(1) },
            new Dictionary<string, string>
            {
                ["format"] = "unipt-checkpoint-1",
                ["epoch"] = "0",
                ["step_in_epoch"] = "2",
                ["step"] = "2",
                ["best_score"] = "",
                ["best_epoch"] = "-1",
            });
    }

    private static string[] Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order().Select(file => $"{file}: {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
