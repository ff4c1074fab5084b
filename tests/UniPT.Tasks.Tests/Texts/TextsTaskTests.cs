using System.Globalization;
using System.Text;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Shared.Search;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;
using UniPT.Testing;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Comparison;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;
using UniPT.Tuning;

namespace UniPT.Tasks.Tests.Texts;

/// <summary>From a recipe to figures, and from an adapter to predictions.</summary>
public sealed class TextsTaskTests : IDisposable
{
    private const int StepsPerEpoch = TextsSample.TrainRows / TextsSample.BatchSize;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TextsTaskTests() => _data = TextsSample.WriteData(_folder);

    public static TheoryData<string> Methods => [.. TuningRegistry.Methods.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task EveryMethodLearnsAndLeavesNoTensorBehind(string method)
    {
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(method, "run", watch, "train.epochs=8", "train.learning_rate=3e-3", "train.backbone_learning_rate_factor=1", "task.dropout=0");

        Assert.Equal(8 * StepsPerEpoch, watch.Steps.Count);
        double first = watch.Steps.Take(StepsPerEpoch).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(StepsPerEpoch).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal(["accuracy", "accuracy_f1", "f1", "matthews"], result.Test.Keys.Order());
        Assert.Equal(watch.Evaluations.Max(evaluation => evaluation.Score), result.BestValidation);
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", 2, 7)] // amid an epoch, with hidden states that are kept
    [InlineData("lora", 4, 7)] // with dropout of the method, inside the backbone
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, int stop, int last)
    {
        string[] options = [$"train.max_steps={last}", "task.dropout=0.3", "task.label_smoothing=0.1"];
        RunResult calm = await Train(method, "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(method, "stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(TextsSample.Load(_folder, method, _data, options), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
    }

    [Fact]
    public async Task AnAdapterPredictsLabels()
    {
        RunResult result = await Train("unipt", "run", null, "train.epochs=10", "train.learning_rate=3e-3");
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var model = adapter.ModelAs<TextsModel>();
        Assert.Equal(["food", "time"], model.Labels);
        Assert.Equal(["food", "time"], adapter.Config.Content["labels"]);
        string[][] rows = [.. File.ReadAllLines(_data).Skip(1).Select(row => row.Split(',')).Where(row => row[2] == "test")];
        IReadOnlyList<float[]> predicted = model.Predict([.. rows.Select(row => row[0])]);
        Assert.All(predicted, probabilities => Assert.Equal(1, probabilities.Sum(), 1e-5));
        int right = rows.Zip(predicted).Count(pair => pair.First[1] == model.Labels[pair.Second[0] > pair.Second[1] ? 0 : 1]);
        Assert.Equal(result.Test["accuracy"], 100.0 * right / rows.Length, 1e-9);

        var task = (IPredictingTask)adapter.Task;
        Assert.Equal(["text"], task.Asks);
        PredictionResult answers = task.Predict(adapter.Model, new PredictionRequest(new Dictionary<string, string> { ["text"] = rows[0][0] }, 5));
        float[] alone = model.Predict([rows[0][0]])[0];
        Assert.Equal(model.Labels.Zip(alone, (label, probability) => (label, (double?)probability)).OrderByDescending(pair => pair.Item2), answers.Best.Select(answer => (answer.Text, answer.Score)));
        using TaskData data = Evaluation.Open(adapter, null, skipBad: false, ["test"], null);
        using var stream = new MemoryStream();
        ((ISubmittingTask)adapter.Task).WriteSubmission(adapter.Model, data, "test", new HiddenStateReader(data), stream, default);
        Assert.Equal(
            ["index\tprediction", .. predicted.Select((probabilities, i) => $"{i}\t{model.Labels[probabilities[0] > probabilities[1] ? 0 : 1]}")],
            Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n'));
        Assert.Contains("given 1 first and 1 second", Assert.Throws<UserException>(() => model.Predict(["a"], ["b"])).Message);
        Assert.Contains("is empty", Assert.Throws<UserException>(() => model.Predict([" "])).Message);
    }

    /// <summary>Other data may lack a label of the adapter's, which then stand at other places, but may not have more.</summary>
    [Fact]
    public async Task AnAdapterIsMeasuredOnOtherData()
    {
        await Train("head", "run", null, "data.labels=[food, never, time]", "train.epochs=6", "train.learning_rate=3e-3");
        string[] lines = File.ReadAllLines(_data);
        string other = _folder.File("other.csv");
        File.WriteAllLines(other, [lines[0], .. lines.Where(line => line.Contains(",time,")), "a meal,food,train,1"]);
        string adapter = _folder.File("run", "adapter");

        // As the recipe of the adapter names the labels, and as data without such an option have them.
        using Adapter loaded = Adapter.Load(adapter);
        var options = (TextDataOptions)loaded.Recipe.Data;
        using TaskData data = new TextsTask(loaded.Recipe, (TextsOptions)loaded.Recipe.Task.Options, options with { Path = other, Labels = [] }).OpenData();
        data.Fit(loaded.Model, "test");
        IReadOnlyDictionary<string, double> figures = data.Evaluate([loaded.Model], "test", new HiddenStateReader(data), default)[0];
        Assert.Equal(Evaluation.Run(adapter, other), figures);

        File.AppendAllText(other, "a month,week,train,1\na day,week,test,1\n");
        using TaskData wrong = new TextsTask(loaded.Recipe, (TextsOptions)loaded.Recipe.Task.Options, options with { Path = other, Labels = [] }).OpenData();
        Assert.Contains("have the label week, which the model was not trained for; it knows food, never, time.", Assert.Throws<UserException>(() => wrong.Fit(loaded.Model)).Message);
    }

    /// <summary>The numbers are far from 0 and from 1, and come back on their own scale.</summary>
    [Fact]
    public async Task NumbersOfPairsAreLearned()
    {
        string[] words = ["red", "green", "blue", "cat", "dog", "tree"];
        string[] rows = [.. words.SelectMany((a, place) => words.Select(b => $"{a},{b},{5000 + (100 * place)}"))];
        File.WriteAllLines(_folder.File("train.csv"), ["x,y,z", .. rows]);
        File.WriteAllLines(_folder.File("val.csv"), ["x,y,z", .. rows.Where((_, i) => i % 2 == 0)]);
        File.Delete(_data);
        string[] options = ["data.text=x", "data.second_text=y", "data.label=z", "task.kind=regression", "train.learning_rate=3e-3", "train.epochs=20", "task.dropout=0"];
        using var watch = new StopWhen();
        RunResult result = await Trainer.RunAsync(TextsSample.Load(_folder, "unipt", _folder.FullName, options), _folder.File("run"), observer: watch);
        Assert.Equal(["pearson", "pearson_spearman", "spearman"], result.Test.Keys.Order());
        Assert.InRange(result.Test["pearson_spearman"], 80, 100);
        Assert.Contains(watch.Notices, notice => notice.Contains("has no examples for test; figures are those of val"));

        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        IReadOnlyList<float[]> predicted = adapter.ModelAs<TextsModel>().Predict(["red", "tree"], ["dog", "dog"]);
        Assert.InRange(predicted[0][0], 4800, 5250);
        Assert.InRange(predicted[1][0], 5250, 5700);
        PredictionResult answer = ((IPredictingTask)adapter.Task).Predict(
            adapter.Model, new PredictionRequest(new Dictionary<string, string> { ["text"] = "red", ["second_text"] = "dog" }, 3));
        Assert.Equal(adapter.ModelAs<TextsModel>().Predict(["red"], ["dog"])[0][0].ToString("R", CultureInfo.InvariantCulture), Assert.Single(answer.Best).Text);
        Assert.Null(answer.Best[0].Score);
        Assert.Contains("reads two texts together", Assert.Throws<UserException>(() => adapter.ModelAs<TextsModel>().Predict(["red"])).Message);
    }

    [Fact]
    public async Task MethodsAreCompared()
    {
        Recipe[] recipes = [.. ((string[])["unipt", "head", "lora"]).Select(method => TextsSample.Load(_folder, method, _data, "train.epochs=1"))];
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(recipes, _folder.File("runs"), _ => null);
        Assert.Equal(["unipt", "head", "lora"], results.Select(result => result.Method));
        Assert.All(results, result => Assert.InRange(result.Test["accuracy"], 1, 100));
        Assert.Equal(3, results.Select(result => result.TrainableParameters).Distinct().Count());
    }

    [Fact]
    public async Task AnAdapterOfAnotherTaskIsRefused()
    {
        await Train("head", "texts", null, "train.epochs=1");
        await Trainer.RunAsync(SampleRecipe.Load(EmojiSample.Write(_folder), "head", "train.epochs=1"), _folder.File("retrieval"));
        using Adapter texts = Adapter.Load(_folder.File("texts", "adapter"));
        using Adapter retrieval = Adapter.Load(_folder.File("retrieval", "adapter"));
        Assert.Contains("was trained for the task texts, whose model is a TextsModel; a RetrievalModel is needed here", Assert.Throws<UserException>(() => texts.ModelAs<RetrievalModel>()).Message);
        Assert.Contains("was trained for the task retrieval, whose model is a RetrievalModel; a TextsModel is needed here", Assert.Throws<UserException>(() => retrieval.ModelAs<TextsModel>()).Message);
        Assert.Contains(
            "was trained for the task texts, in which nothing is searched for; one of retrieval or video_retrieval is needed here",
            Assert.Throws<UserException>(() => SearchIndex.Open(_folder.File("texts", "adapter"))).Message);
    }

    [Fact]
    public async Task TextsThatAreCutAreCounted()
    {
        File.AppendAllText(_data, $"one two three four five six seven,food,train,1\n{string.Join(' ', Enumerable.Repeat("one", 30))},food,train,1\n");
        using var watch = new StopWhen();
        await Train("head", "run", watch, "train.epochs=1", "data.max_tokens=8");
        Assert.Contains("2 of 26 texts in train are longer than 8 tokens and cut.", watch.Notices);
        using var whole = new StopWhen();
        RunResult result = await Train("head", "whole", whole, "train.epochs=1");
        Assert.Contains($"1 of 26 texts in train is longer than {TextsSample.Positions} tokens and cut.", whole.Notices);
        Assert.Equal($"{TextsSample.Positions} tokens", result.Conditions.Inputs["Longest text"]);
    }

    private Task<RunResult> Train(string method, string run, StopWhen? watch, params string[] options) => Trainer.RunAsync(
        TextsSample.Load(_folder, method, _data, options), _folder.File(run), observer: watch, cancellation: watch?.Token ?? default);
}
