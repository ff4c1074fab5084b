using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private const int StepsPerEpoch = EmojiSample.TrainPictures / 4;
    private const string Adapter = "adapter/adapter_model.safetensors";
    private static readonly string[] Results = [Adapter, "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainerTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt", "task.correlation_start.enabled=false")]
    [InlineData("published", "task.loss.ramp=false")]
    [InlineData("head", "task.correlation_start.enabled=false")]
    [InlineData("full", "task.loss.ramp=false")]
    [InlineData("partial", "task.loss.ramp=false")]
    [InlineData("bitfit", "task.loss.ramp=false")]
    [InlineData("layernorm", "task.loss.ramp=false")]
    [InlineData("adapter", "task.loss.ramp=false")]
    [InlineData("lora", "task.loss.ramp=false")]
    [InlineData("ia3", "task.loss.ramp=false")]
    [InlineData("prompt", "task.loss.ramp=false")]
    [InlineData("prefix", "task.loss.ramp=false")]
    [InlineData("lst", "task.loss.ramp=false")]
    [InlineData("sherl", "task.loss.ramp=false")]
    public async Task EveryRecipeLearnsAndLeavesNoTensorBehind(string name, string option)
    {
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(name, "run", watch, "train.epochs=8", "train.learning_rate=3e-3", "task.token_drop=0", option);

        Assert.Equal(8 * StepsPerEpoch, watch.Steps.Count);
        Assert.Equal(8, watch.Evaluations.Count);
        Assert.All(watch.Steps, step => Assert.True(step.Memory.Gradients > 0 && step.Memory.Activations > 0 && step.Memory.Optimizer > 0));
        Assert.True(Loss(watch, 0) > Loss(watch, 7), $"{Loss(watch, 0)} then {Loss(watch, 7)}");
        Assert.Equal(watch.Evaluations.Max(evaluation => evaluation.Score), result.BestValidation);
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", 2, 9)] // Amid an epoch.
    [InlineData("unipt", StepsPerEpoch, 9)] // Before an evaluation.
    [InlineData("unipt", 5, 5)] // At the last step.
    [InlineData("unipt", 9, 9)] // The same, at an epoch's end.
    [InlineData("bitfit", 2, 4)] // With weights of the backbones.
    [InlineData("lora", 2, 4)] // With dropout of the method.
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string recipe, int stop, int last)
    {
        string[] options = [$"train.max_steps={last}", "train.cache=false", "data.augmentation=crop_flip", "task.token_drop=0.2"];
        RunResult calm = await Train(recipe, "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(recipe, "stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(SampleRecipe.Load(_data, recipe, options), _folder.File("stopped"), resume: true);

        Assert.All(Results, file => Assert.Equal(Bytes("calm", file), Bytes("stopped", file)));
        Assert.Equal((calm.Steps, calm.BestEpoch, calm.BestValidation), (resumed.Steps, resumed.BestEpoch, resumed.BestValidation));
        Assert.Equal(calm.Test, resumed.Test);
    }

    [Fact]
    public async Task ResumingAFinishedRunDoesNothing()
    {
        RunResult finished = await Train("head", "run", null);
        Dictionary<string, (DateTime, string)> Files() => Directory.GetFiles(_folder.File("run"), "*", SearchOption.AllDirectories)
            .ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), FileHash.Sha256(file)));
        Dictionary<string, (DateTime, string)> before = Files();
        using var watch = new StopWhen();

        RunResult again = await Trainer.RunAsync(SampleRecipe.Load(_data, "head"), _folder.File("run"), resume: true, watch);

        Assert.Empty(watch.Steps);
        Assert.Equal(before, Files());
        Assert.Equal(finished.Conditions.Inputs, again.Conditions.Inputs);
        Assert.Equal(finished with { Test = again.Test, Conditions = again.Conditions }, again);
        Assert.Equal(finished.Test, again.Test);
    }

    [Fact]
    public async Task ARunGoesOnWhenWhatItReadsHasMoved()
    {
        string[] options = ["train.cache=false"];
        await Train("head", "calm", null, options);
        using (var stopper = new StopWhen(2))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train("head", "moved", stopper, options));
        }

        string data = _folder.File("moved data");
        Directory.Move(_data, data);
        string weights = _folder.File("weights.safetensors");
        File.Copy(Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors"), weights);

        await Trainer.RunAsync(SampleRecipe.Load(data, "head", [$"backbones.image.weights={weights}", .. options]), _folder.File("moved"), resume: true);

        Assert.Equal(Bytes("calm", Adapter), Bytes("moved", Adapter));
    }

    /// <summary>All that the loop can do at once, in the files of a run.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)] // At an evaluation amid an epoch.
    public async Task AStoppedRunOfManyOptionsIsOneThatWasNot(int stop)
    {
        string[] options =
        [
            "train.batch_size=2", "train.accumulation_steps=2", "train.steps=9", "train.evaluate_every_steps=4", "train.early_stop=3", "train.ema_decay=0.6",
            "train.optimizer=bert_adam", "train.schedule=warmup_cosine", "train.warmup_share=0.2", "train.clip_tensor_norm=1", "train.cache=false",
            "train.groups.no_decay.match=[\"*bias\", \"*norm*\"]", "train.groups.no_decay.weight_decay=0", "data.augmentation=crop_flip", "task.token_drop=0.2",
        ];
        RunResult calm = await Train("published", "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train("published", "stopped", stopper, options));
        }

        RunResult resumed = await Trainer.RunAsync(SampleRecipe.Load(_data, "published", options), _folder.File("stopped"), resume: true);

        Assert.All(Results, file => Assert.Equal(Bytes("calm", file), Bytes("stopped", file)));
        Assert.Equal(calm.Test, resumed.Test);
        Assert.Equal([4, 8, 9], Steps("calm", "evaluation"));
        Assert.Equal([4, 8, 9], Steps("stopped", "evaluation"));
        Assert.Equal(Enumerable.Range(1, 9), Steps("stopped", "step"));
        Assert.NotEmpty(Directory.GetFiles(_folder.File("stopped", "events")));
    }

    [Fact]
    public async Task AGroupWithoutWeightsIsRefusedBeforeThereIsARun()
    {
        UserException error = await Assert.ThrowsAsync<UserException>(() => Train("head", "run", null, "train.groups.mine.match=[lora.*]"));
        Assert.StartsWith("train.groups.mine.match is [lora.*], which matches none of the ", error.Message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task AGroupStandsStillBeforeItsEpoch(int from, bool moves)
    {
        await Train("layernorm", "run", null, "train.epochs=1", "train.groups.text.match=[text_backbone.*]", $"train.groups.text.from_epoch={from}", "task.loss.ramp=false");
        using SafetensorsFile adapter = SafetensorsFile.Open(_folder.File("run", Adapter));
        using SafetensorsFile backbone = SafetensorsFile.Open(Path.Combine(RepositoryPaths.Models, "use_lite.safetensors"));
        using DisposeScope scope = torch.NewDisposeScope();
        string[] trained = [.. adapter.Entries.Keys.Where(name => name.StartsWith("text_backbone."))];
        Assert.NotEmpty(trained);
        Assert.All(trained, name => Assert.Equal(
            moves, !adapter.Read(name).ToArray<float>().SequenceEqual(backbone.Read(name["text_backbone.".Length..]).to(ScalarType.Float32).ToArray<float>())));
    }

    [Fact]
    public async Task CachedHiddenStatesGiveTheSameLosses()
    {
        using var cached = new StopWhen();
        using var computed = new StopWhen();
        // Without the direct path, which begins where nothing is left to learn: there, the loss is made of last bits.
        await Train("unipt", "cached", cached, "train.cache=true", "method.direct.enabled=false");
        await Train("unipt", "computed", computed, "train.cache=false", "method.direct.enabled=false");

        // Another batch size in the backbone gives other last bits.
        Assert.Equal(3 * StepsPerEpoch, cached.Steps.Count);
        double tolerance = 1e-3 * cached.Steps.Max(step => step.Loss);
        Assert.All(cached.Steps.Zip(computed.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, tolerance));
    }

    [Theory]
    [InlineData(1, false, 12)]
    [InlineData(5, false, 3)]
    [InlineData(5, true, 2)]
    [InlineData(1000, false, 1)]
    [InlineData(1000, true, 1)]
    public async Task EveryBatchSizeWorks(int batch, bool dropLast, int steps)
    {
        using var watch = new StopWhen();
        await Train("published", "run", watch, "train.epochs=1", $"train.batch_size={batch}", $"train.drop_last={(dropLast ? "true" : "false")}");

        Assert.Equal(steps, watch.Steps.Count);
        Assert.All(watch.Steps, step => Assert.True(double.IsFinite(step.Loss)));
        int seen = watch.Steps.Sum(step => step.Examples);
        Assert.Equal(dropLast && batch < EmojiSample.TrainPictures ? steps * batch : EmojiSample.TrainPictures, seen);
    }

    [Fact]
    public async Task ALossThatIsNoNumberStopsTheRunAndSaysWhatToTry()
    {
        TensorCount before = TensorCount.Now();
        UserException error = await Assert.ThrowsAsync<UserException>(
            () => Train("head", "run", null, "train.learning_rate=10", "train.clip_norm=0", "method.direct.enabled=false", "train.weight_decay=10", "train.epochs=2000", "train.beta2=0", "task.loss.temperature=0.001", "train.evaluate_every_epochs=2000"));

        Assert.Matches(@"^The (loss|gradient) is (NaN|∞|-∞|Infinity) at step \d+; lower train.learning_rate", error.Message);
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", "train.cache=true", "none")]
    [InlineData("unipt", "train.cache=false", "crop_flip")]
    [InlineData("published", "train.cache=false", "flip")]
    [InlineData("sherl", "train.cache=true", "none")]
    public async Task NoTensorOfTwoHundredStepsIsLeftToFinalizers(string name, string cache, string augmentation)
    {
        TensorCount before = TensorCount.Now();
        RunResult result = await Train(name, "run", null, "train.epochs=100", "train.max_steps=200", "train.evaluate_every_epochs=20", $"data.augmentation={augmentation}", "data.workers=3", cache);

        Assert.Equal(200, result.Steps);
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData(2)] // Amid an epoch.
    [InlineData(StepsPerEpoch)] // Before an evaluation.
    public async Task NothingIsLeftOfACancelledRun(int stop)
    {
        TensorCount before = TensorCount.Now();
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train("unipt", "run", stopper, "train.cache=false"));
        }

        Assert.Equal(before, TensorCount.Now());
    }

    private Task<RunResult> Train(string name, string run, StopWhen? watch, params string[] options) =>
        Trainer.RunAsync(SampleRecipe.Load(_data, name, options), _folder.File(run), observer: watch, cancellation: watch?.Token ?? default);

    private static double Loss(StopWhen watch, int epoch) => watch.Steps.Skip(epoch * StepsPerEpoch).Take(StepsPerEpoch).Average(step => step.Loss);

    /// <summary>The steps of the lines of one kind in a run's metrics.</summary>
    private IEnumerable<int> Steps(string run, string kind) => File.ReadLines(_folder.File(run, "metrics.jsonl"))
        .Where(line => line.Contains($"\"kind\":\"{kind}\""))
        .Select(line => int.Parse(System.Text.RegularExpressions.Regex.Match(line, "\"step\":([0-9]+)").Groups[1].Value));

    private byte[] Bytes(string run, string file) => File.ReadAllBytes(_folder.File(run, file));
}
