using UniPT.Backbones.Media;
using UniPT.Tasks.Sounds;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Sounds;

/// <summary>From a recipe to figures, and from an adapter to predictions.</summary>
public sealed class SoundsTaskTests : IDisposable
{
    private const int StepsPerEpoch = SoundsSample.TrainRecordings / SoundsSample.BatchSize;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public SoundsTaskTests() => _data = SoundsSample.WriteData(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt", "gru", "masked")]
    [InlineData("head", "gru", "silence")]
    [InlineData("full", "lstm", "masked")]
    [InlineData("lst", "gru", "masked")]
    [InlineData("head", "whisper", "masked")] // half as many tokens as frames, kept by their lengths
    [InlineData("unipt", "whisper", "silence")]
    [InlineData("full", "whisper", "masked")]
    public async Task AMethodLearnsAndLeavesNoTensorBehind(string method, string architecture, string padding)
    {
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(method, architecture, "run", watch, "train.epochs=8", "train.learning_rate=5e-3", "task.dropout=0", $"data.padding={padding}");
        Assert.Equal(8 * StepsPerEpoch, watch.Steps.Count);
        double first = watch.Steps.Take(StepsPerEpoch).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(StepsPerEpoch).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal(["accuracy", "accuracy_f1", "f1", "matthews"], result.Test.Keys.Order());
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", "gru", 2, 7)] // amid an epoch, with hidden states that are kept
    [InlineData("full", "lstm", 4, 7)] // through every step of the network
    [InlineData("full", "whisper", 4, 7)]
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, string architecture, int stop, int last)
    {
        string[] options = [$"train.max_steps={last}", "task.dropout=0.3", "task.label_smoothing=0.1"];
        RunResult calm = await Train(method, architecture, "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(method, architecture, "stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(SoundsSample.Load(_folder, method, architecture, _data, options), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
    }

    [Fact]
    public async Task AnAdapterPredictsLabelsOfRecordingsOfAnyRate()
    {
        RunResult result = await Train("unipt", "gru", "run", null, "train.epochs=20", "train.learning_rate=5e-3");
        Assert.InRange(result.Test["accuracy"], 60, 100);
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var model = adapter.ModelAs<SoundsModel>();
        Assert.Equal(["down", "low", "up"], model.Labels);
        Assert.Equal(["down", "low", "up"], adapter.Config.Content["labels"]);
        (string Label, Recording Recording)[] test =
            [.. Directory.GetFiles(Path.Combine(_data, "test"), "*.wav", SearchOption.AllDirectories).Select(file => (Path.GetFileName(Path.GetDirectoryName(file)!), Recording.Read(file)))];
        IReadOnlyList<float[]> predicted = model.Predict([.. test.Select(pair => pair.Recording)]);
        Assert.All(predicted, probabilities => Assert.Equal(1, probabilities.Sum(), 1e-5));
        int right = test.Zip(predicted).Count(pair => pair.First.Label == model.Labels[Array.IndexOf(pair.Second, pair.Second.Max())]);
        Assert.Equal(result.Test["accuracy"], 100.0 * right / test.Length, 1e-9);

        var task = (IPredictingTask)adapter.Task;
        Assert.Equal(["sound"], task.Asks);
        string file = Directory.GetFiles(Path.Combine(_data, "test"), "*.wav", SearchOption.AllDirectories)[0];
        PredictionResult answers = task.Predict(adapter.Model, new PredictionRequest(new Dictionary<string, string> { ["sound"] = file }, 2));
        float[] alone = model.Predict([Recording.Read(file)])[0];
        Assert.Equal(
            model.Labels.Zip(alone, (label, probability) => (label, (double?)probability)).OrderByDescending(pair => pair.Item2).Take(2), answers.Best.Select(answer => (answer.Text, answer.Score)));
        Assert.Contains("Cannot read", Assert.Throws<UserException>(() => task.Predict(adapter.Model, new PredictionRequest(new Dictionary<string, string> { ["sound"] = file + "x" }, 2))).Message);

        float[] resampled = model.Predict([test[0].Recording.At(44_100)])[0];
        Assert.All(resampled.Zip(predicted[0]), pair => Assert.Equal(pair.Second, pair.First, 0.05));
        Assert.Empty(model.Predict([]));
        Assert.Contains("has no samples", Assert.Throws<UserException>(() => model.Predict([new Recording([], 8000)])).Message);
    }

    /// <summary>Other data may lack a label of the adapter's, which then stand at other places, but may not have more.</summary>
    [Fact]
    public async Task AnAdapterIsMeasuredOnOtherData()
    {
        await Train("head", "gru", "run", null, "data.labels=[down, never, low, up]");
        string adapter = _folder.File("run", "adapter");
        foreach (string split in (string[])["train", "val", "test"])
        {
            Directory.Delete(Path.Combine(_data, split, "low"), true);
        }

        Assert.InRange(Evaluation.Run(adapter, _data)["accuracy"], 0, 100);
        Directory.Move(Path.Combine(_data, "train", "up"), Path.Combine(_data, "train", "sideways"));
        Directory.Delete(Path.Combine(_data, "val", "up"), true);
        Directory.Delete(Path.Combine(_data, "test", "up"), true);
        Assert.Contains("its label is \"sideways\"; expected one of down, never, low, up", Assert.ThrowsAny<UserException>(() => Evaluation.Run(adapter, _data)).Message);
    }

    [Theory]
    [InlineData("data.bands=20", "gru takes signals [B, N, 16] with N steps, at least 1; it was given [6, 50, 20].")]
    [InlineData("data.seconds=31", "data.seconds")]
    [InlineData("data.padding=zeros", "--set data.padding=zeros: data.padding is")]
    public async Task OptionsThatDoNotFitAreRefused(string option, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Train("full", "gru", "run", null, option));
        Assert.Contains(sentence, error.Message);
    }

    [Fact]
    public async Task ARecordingLongerThanThePositionsOfWhisperIsRefused()
    {
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Train("full", "whisper", "run", null, "data.seconds=0.6"));
        Assert.Equal("whisper has positions for 50 frames; it was given 60.", error.Message);
    }

    private Task<RunResult> Train(string method, string architecture, string run, StopWhen? observer, params string[] options) =>
        Trainer.RunAsync(SoundsSample.Load(_folder, method, architecture, _data, options), _folder.File(run), observer: observer, cancellation: observer?.Token ?? default);
}
