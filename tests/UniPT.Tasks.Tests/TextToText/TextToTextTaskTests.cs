using System.Text;
using UniPT.Backbones.Caching;
using UniPT.Tasks.TextToText;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Comparison;
using UniPT.Training.Contracts;
using UniPT.Training.Features;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.TextToText;

/// <summary>From a recipe to figures, and from an adapter to what it writes.</summary>
public sealed class TextToTextTaskTests : IDisposable
{
    private const int StepsPerEpoch = TextToTextSample.TrainRows / TextToTextSample.BatchSize;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();

    public TextToTextTaskTests() => TextToTextSample.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt", "method.form=t5_derived", "method.reduction=2", "backbones.text.layers=[0, 1, 3]", "backbones.text.memory_layers=[0, 2, 3]", "backbones.text.training_mode=true")]
    [InlineData("lst", "method.dropped=[2]", "backbones.text.training_mode=true")]
    [InlineData("lst", "method.start=fisher", "method.fisher_batches=2")]
    [InlineData("sherl", "method.dropped=[1]", "backbones.text.training_mode=true")]
    [InlineData("adapter", "method.norms=true", "method.activation=gelu_tanh", "task.prefix=false")]
    [InlineData("lora", "method.biases=added", "method.dropout=0.1")]
    [InlineData("bitfit", "method.biases=added")]
    [InlineData("prompt", "method.length=5")]
    [InlineData("full")]
    [InlineData("head", "train.cache=true")]
    public async Task AMethodLearnsAndLeavesNoTensorBehind(string method, params string[] options)
    {
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(method, "run", watch, ["train.epochs=5", "train.learning_rate=1e-2", "train.backbone_learning_rate_factor=1", .. options]);
        Assert.Equal(5 * StepsPerEpoch, watch.Steps.Count);
        double first = watch.Steps.Take(StepsPerEpoch).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(StepsPerEpoch).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal(["accuracy", "accuracy_f1", "f1", "matthews", "no_label"], result.Test.Keys.Order());
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", 2, 7, "method.form=t5_derived", "method.reduction=2", "backbones.text.training_mode=true")] // with dropout in the frozen backbone
    [InlineData("lst", 4, 7, "train.cache=true")] // with hidden states that are kept
    [InlineData("lora", 5, 7, "method.dropout=0.1")]
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, int stop, int last, params string[] options)
    {
        string[] all = [$"train.max_steps={last}", .. options];
        RunResult calm = await Train(method, "calm", null, all);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(method, "stopped", stopper, all));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(Load(method, all), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
    }

    /// <summary>Kept hidden states of decoder and encoder are those that the network gives, and so is everything that comes of them.</summary>
    [Fact]
    public async Task KeptHiddenStatesChangeNothing()
    {
        using var fresh = new StopWhen();
        await Train("lst", "fresh", fresh, "train.epochs=2");
        using var kept = new StopWhen();
        await Train("lst", "kept", kept, "train.epochs=2", "train.cache=true");
        Assert.All(fresh.Steps.Zip(kept.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4));
    }

    /// <summary>They depend on what is read and written, which options of the task decide; those of val are not kept, for nothing reads them.</summary>
    [Fact]
    public void HiddenStatesAreKeptOfTheSameSourcesOnly()
    {
        using var shelf = new HiddenStateShelf();
        HiddenStateCache first = Kept();
        Assert.Same(first, Kept("task.max_length=10"));
        Assert.NotSame(first, Kept("task.prefix=false"));

        HiddenStateCache Kept(params string[] options)
        {
            Recipe recipe = Load("head", ["train.cache=true", .. options]);
            LearningTask task = TaskRegistry.Create(recipe);
            using TaskData data = task.OpenData();
            using TaskModel model = TaskModelBuilder.Build(task, data.Content);
            data.Fit(model);
            var reader = new HiddenStateReader(data);
            shelf.Serve(reader, recipe, model, data, _folder.FullName);
            Assert.Equal((true, false), (reader.Keeps("text", "train"), reader.Keeps("text", "val")));
            return shelf.Kept("text", "train");
        }
    }

    /// <summary>A label for each text, but for one text of four that has three times the one and once the other.</summary>
    [Fact]
    public async Task TheLossFallsToItsFloorAndTheLabelsAreWritten()
    {
        string[] rows = [.. ((string[])["red", "green", "blue"]).SelectMany((word, i) => Enumerable.Repeat($"{word}\t{i % 2}", 4)), .. Enumerable.Repeat("black\t1", 3), "black\t0"];
        string data = WriteGlue(["sentence\tlabel", .. rows]);

        using var watch = new StopWhen();
        await Train(
            "full", "run", watch, "data.glue=sst2", "data.splits=files", $"data.path={data}", "train.epochs=150", "train.batch_size=16", "train.learning_rate=5e-3", "train.backbone_learning_rate_factor=1",
            "train.evaluate_every_epochs=150");

        // A label is one token that is not known, with this entropy in a quarter of the examples, and the end token that is.
        double floor = -((0.75 * Math.Log(0.75)) + (0.25 * Math.Log(0.25))) / 4 / 2;
        Assert.InRange(Mean(watch.Steps.TakeLast(10)), floor - 0.02, floor + 0.1);
        IReadOnlyDictionary<string, double> figures = Evaluation.Run(_folder.File("run", "adapter"), split: "val");
        Assert.Equal(100 * 15 / 16.0, figures["accuracy"], 1e-9);
        Assert.Equal(0, figures["no_label"]);

        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        IReadOnlyList<(string Text, double Probability)> written = adapter.ModelAs<TextToTextModel>().Write(["red", "green", "blue", "black"]);
        Assert.Equal(["0", "1", "0", "1"], written.Select(output => output.Text));
        Assert.All(written.Take(3), output => Assert.InRange(output.Probability, 0.8, 1));
        Assert.InRange(written[3].Probability, 0.6, 0.9);

        var task = (IPredictingTask)adapter.Task;
        Assert.Equal(["text"], task.Asks);
        PredictionResult black = task.Predict(adapter.Model, Asked(2, ("text", "black")));
        Assert.Equal(["positive", "negative"], black.Best.Select(answer => answer.Text));
        Assert.InRange(black.Best.Sum(answer => answer.Score!.Value), 0.9, 1.0001);
        Assert.Equal("The text of the input is empty; the task needs one.", Assert.Throws<UserException>(() => task.Predict(adapter.Model, Asked(2, ("text", " ")))).Message);

        static double Mean(IEnumerable<UniPT.Training.Loop.StepResult> steps) => steps.Average(step => step.Loss);
    }

    /// <summary>GLUE's server takes a row for every one of its test file, under its names of the labels.</summary>
    [Fact]
    public async Task PredictionsAreHandedIn()
    {
        await Train("head", "run", null, "train.epochs=1");
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var task = (ISubmittingTask)adapter.Task;

        // What is written here is mostly no label: the likeliest one stands for it.
        string[] whole = Submitted(Evaluation.Open(adapter, _folder.File("RTE", "test.tsv"), skipBad: false, ["test"], null));
        Assert.Equal(TextToTextSample.DevRows + 1, whole.Length);
        Assert.Equal("index\tprediction", whole[0]);
        Assert.All(whole.Skip(1).Index(), row => Assert.Matches($"^{row.Index}\t(not_)?entailment$", row.Item));

        Recipe files = Load("head", "data.splits=files");
        TaskData data = TaskRegistry.Create(files).OpenData();
        data.Fit(adapter.Model);
        Assert.Equal([true, true, false], data.Splits.Select(split => split.HasAnswers));
        Assert.Equal("val", data.MeasuredSplit);
        Assert.Equal(whole, Submitted(data));

        string[] Submitted(TaskData opened)
        {
            using (opened)
            using (var stream = new MemoryStream())
            {
                task.WriteSubmission(adapter.Model, opened, "test", new HiddenStateReader(opened), stream, default);
                Assert.Contains("it can be predicted", Assert.Throws<UserException>(() => opened.RequireMeasurable("test")).Message);
                return Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
            }
        }
    }

    [Fact]
    public async Task NumbersAreWrittenInSteps()
    {
        string[] header = ["index", "genre", "filename", "year", "old_index", "source1", "source2", "sentence1", "sentence2", "score"];
        string[] rows = [.. Enumerable.Range(0, 16).Select(i => $"{i}\tm\tf\t1\t1\tn\tn\ta {(i % 2 == 0 ? "red" : "blue")} circle\ta red circle\t{(i % 2 == 0 ? "4.800" : "1.25")}")];
        string data = WriteGlue([string.Join('\t', header), .. rows]);

        RunResult result = await Train(
            "full", "run", null, "data.glue=stsb", $"data.path={data}", "train.epochs=40", "train.batch_size=16", "train.learning_rate=5e-3", "train.backbone_learning_rate_factor=1", "train.evaluate_every_epochs=40");
        Assert.Equal(["no_number", "pearson", "pearson_spearman", "spearman"], result.Test.Keys.Order());
        Assert.Equal(100, result.Test["pearson_spearman"], 1e-6);
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var task = (IPredictingTask)adapter.Task;
        Assert.Equal(["text", "second_text"], task.Asks);
        PredictionResult answer = task.Predict(adapter.Model, Asked(3, ("text", "a blue circle"), ("second_text", "a red circle")));
        Assert.Equal("1.2", Assert.Single(answer.Best).Text);
        Assert.InRange(answer.Best[0].Score!.Value, 0.2, 1);
    }

    /// <summary>A table whose column holds whatever is to be written.</summary>
    [Fact]
    public async Task TextsOfOnesOwnAreWritten()
    {
        string[] answers = ["two things", "one thing", "yes"];
        File.WriteAllLines(_folder.File("own.csv"), ["ask,of,answer,split", .. Enumerable.Range(0, 18).Select(i => $"how many,{"ABC"[i % 3]} {i},{answers[i % 3]},{(i < 12 ? "train" : i < 15 ? "val" : "test")}")]);
        string[] options =
        [
            $"data.path={_folder.File("own.csv")}", "data.text=ask", "data.second_text=of", "data.label=answer", "task.source={text} : {second_text} ?", "train.epochs=120", "train.learning_rate=5e-3",
            "train.backbone_learning_rate_factor=1", "train.evaluate_every_epochs=120", "data.glue=null", "data.splits=files",
        ];
        RunResult result = await Train("full", "run", null, options);
        Assert.Equal(["accuracy"], result.Test.Keys);
        Assert.InRange(result.Test["accuracy"], 60, 100);
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        Assert.Equal("two things", adapter.ModelAs<TextToTextModel>().Write(["how many"], ["A 3"])[0].Text);
        Assert.Contains("reads two texts together", Assert.Throws<UserException>(() => adapter.ModelAs<TextToTextModel>().Write(["how many"])).Message);
    }

    [Fact]
    public async Task AdaptersShareOnePassOfTheEncoder()
    {
        await Train("head", "head", null, "train.epochs=1");
        await Train("lst", "lst", null, "train.epochs=1");
        string[] folders = [_folder.File("head", "adapter"), _folder.File("lst", "adapter")];
        IReadOnlyList<IReadOnlyDictionary<string, double>> together = Evaluation.Run(folders);
        Assert.Equal(folders.Select(folder => Evaluation.Run(folder)), together);
    }

    [Fact]
    public async Task MethodsAreCompared()
    {
        Recipe[] recipes = [.. ((string[])["lst", "head", "lora"]).Select(method => Load(method, "train.epochs=1"))];
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(recipes, _folder.File("runs"), _ => null);
        Assert.Equal(["lst", "head", "lora"], results.Select(result => result.Method));
    }

    private static PredictionRequest Asked(int count, params (string Part, string Value)[] parts) => new(parts.ToDictionary(part => part.Part, part => part.Value), count);

    /// <summary>The same rows to learn from and to measure.</summary>
    private string WriteGlue(string[] lines)
    {
        Directory.CreateDirectory(_folder.File("glue"));
        File.WriteAllLines(_folder.File("glue", "train.tsv"), lines);
        File.WriteAllLines(_folder.File("glue", "dev.tsv"), lines);
        return _folder.File("glue");
    }

    private Recipe Load(string method, params string[] options) => Recipe.Load(TextToTextSample.WriteRecipe(_folder.FullName, method), overrides: options);

    private Task<RunResult> Train(string method, string run, StopWhen? watch, params string[] options) =>
        Trainer.RunAsync(Load(method, options), _folder.File(run), observer: watch, cancellation: watch?.Token ?? default);
}
