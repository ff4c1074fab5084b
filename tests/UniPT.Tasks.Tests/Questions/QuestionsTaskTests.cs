using System.Text.Json;
using UniPT.Tasks.Questions;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Questions;

/// <summary>From a recipe to figures, and from an adapter to answers and submissions.</summary>
public sealed class QuestionsTaskTests : IDisposable
{
    private const int BatchSize = 12;
    private const int StepsPerEpoch = QuestionsSample.TrainQuestions / BatchSize;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(QuestionsLayout.Vqa, "unipt", "train.cache=true", "score")]
    [InlineData(QuestionsLayout.VqaRelease, "full", "train.backbone_learning_rate_factor=1", "accuracy other score yes_no")]
    [InlineData(QuestionsLayout.Gqa, "lora", "data.only_known_answers=true", "accuracy")]
    [InlineData(QuestionsLayout.Gqa, "unipt", "precision=bf16", "accuracy")]
    [InlineData(QuestionsLayout.GqaRelease, "unipt", "backbones.joint.training_mode=true", "accuracy binary consistency distribution open plausibility validity")]
    public async Task AMethodLearnsAndLeavesNoTensorBehind(QuestionsLayout layout, string method, string option, string figures)
    {
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(layout, method, "run", watch, "train.epochs=4", "train.learning_rate=3e-3", option);
        Assert.Equal(4 * StepsPerEpoch, watch.Steps.Count);
        double first = watch.Steps.Take(StepsPerEpoch).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(StepsPerEpoch).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal("val", result.TestSplit);
        Assert.Subset(result.Test.Keys.ToHashSet(), figures.Split(' ').ToHashSet());
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter"), split: "val"));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("unipt", "train.cache=false", 3, 7)] // pictures of both shapes in a batch
    [InlineData("unipt", "train.cache=true", 3, 7)]
    [InlineData("lora", "backbones.joint.training_mode=true", 5, 7)] // at the end of an epoch; dropout and statistics of the backbone
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, string option, int stop, int last)
    {
        string[] options = [$"train.max_steps={last}", option];
        RunResult calm = await Train(QuestionsLayout.Vqa, method, "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(QuestionsLayout.Vqa, method, "stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(Load(QuestionsLayout.Vqa, method, options), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
    }

    /// <summary>Hidden states that were kept, in batches of one shape of picture, are those that are computed in the step.</summary>
    [Fact]
    public async Task KeptHiddenStatesTrainAlike()
    {
        using var fresh = new StopWhen();
        using var kept = new StopWhen();
        await Train(QuestionsLayout.Vqa, "unipt", "fresh", fresh, "train.cache=false");
        await Train(QuestionsLayout.Vqa, "unipt", "kept", kept, "train.cache=true");
        Assert.All(fresh.Steps.Zip(kept.Steps, (one, other) => (one.Loss, Other: other.Loss)), pair => Assert.Equal(pair.Loss, pair.Other, 1e-3 * pair.Loss));
    }

    /// <summary>A network that learns every question by heart costs the entropy of the scores of their answers, and no less.</summary>
    [Fact]
    public async Task TheLossFallsToItsFloor()
    {
        using var watch = new StopWhen();
        await Train(
            QuestionsLayout.Vqa, "unipt", "run", watch, "data.train=[minival,minival,minival,minival,minival]", "train.epochs=60", "train.batch_size=16", "train.learning_rate=5e-3",
            "train.beta2=0.98", "train.weight_decay=0", "train.schedule=cosine", "train.cache=true", "train.evaluate_every_epochs=60");
        JsonElement[] questions = JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(_folder.File("sample", "data", "vqa", "minival.json")))!;
        int answers = JsonSerializer.Deserialize<string[]>(File.ReadAllText(_folder.File("sample", "data", "vqa", "trainval_label2ans.json")))!.Length;
        double floor = 500 * questions.SelectMany(question => question.GetProperty("label").EnumerateObject()).Sum(label => Entropy(label.Value.GetDouble())) / (questions.Length * answers);
        (double first, double last) = (watch.Steps[0].Loss, watch.Steps[^1].Loss);
        Assert.True(floor > 10 && first > 20 * floor, $"{first}, floor {floor}");
        Assert.InRange(last, floor - 1e-3, floor + (0.02 * (first - floor)));
        Assert.Equal(100, watch.Evaluations[^1].Score, 1e-4);

        static double Entropy(double score) => score is 0 or 1 ? 0 : -(score * Math.Log(score)) - ((1 - score) * Math.Log(1 - score));
    }

    [Fact]
    public async Task AnAdapterAnswersAndSubmits()
    {
        await Train(QuestionsLayout.Vqa, "unipt", "run", null);
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var model = adapter.ModelAs<QuestionsModel>();
        var task = (QuestionsTask)TaskRegistry.Create(adapter.Recipe);
        Assert.Equal(["picture", "text"], task.Asks);
        string picture = _folder.File("sample", "data", "mscoco", "test2015", "COCO_test2015_000000000200.jpg");
        string question = QuestionsSample.Questions(200, 1)[0].Question.Text;
        var parts = new Dictionary<string, string> { ["picture"] = picture, ["text"] = question };
        IReadOnlyList<Prediction> best = task.Predict(model, new PredictionRequest(parts, 3)).Best;
        Assert.Equal(3, best.Count);
        Assert.All(best, answer => Assert.Contains(answer.Text, model.Answers));
        Assert.All(best.Zip(best.Skip(1)), pair => Assert.True(pair.First.Score >= pair.Second.Score));
        Assert.Contains("is empty", Assert.Throws<UserException>(() => task.Predict(model, new PredictionRequest(new Dictionary<string, string>(parts) { ["text"] = " " }, 1))).Message);

        using TaskData data = task.OpenData();
        data.Fit(model);
        SplitFacts test = data.Splits[2];
        Assert.Equal(("test", QuestionsSample.ValQuestions, false), (test.Name, test.Examples, test.HasAnswers));
        JsonElement[] submitted = Submitted(task, model, data);
        Assert.Equal(QuestionsSample.Questions(200, QuestionsSample.ValQuestions).Select(made => (long)made.Number), submitted.Select(entry => entry.GetProperty("question_id").GetInt64()));
        Assert.Equal(best[0].Text, submitted[0].GetProperty("answer").GetString());
        Assert.Contains("The answers of test are not in the data", Assert.ThrowsAny<UserException>(() => Evaluation.Run(_folder.File("run", "adapter"))).Message);

        IReadOnlyList<Reports.Figures.ConfidenceExample> examples = task.Examples(data, model, "val", 2);
        Assert.All(examples, example => Assert.Equal(3, Assert.Single(example.Streams).Layers.Count));
    }

    [Fact]
    public async Task GqaIsSubmittedByItsOwnNames()
    {
        await Train(QuestionsLayout.GqaRelease, "head", "run", null, "data.test=[testdev_balanced]");
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var task = (QuestionsTask)TaskRegistry.Create(adapter.Recipe);
        using TaskData data = task.OpenData();
        data.Fit(adapter.Model);
        JsonElement[] submitted = Submitted(task, adapter.Model, data);
        Assert.Equal(QuestionsSample.ValQuestions, submitted.Length);
        Assert.Equal("00010000", submitted[0].GetProperty("questionId").GetString());
        Assert.Contains(submitted[0].GetProperty("prediction").GetString(), adapter.ModelAs<QuestionsModel>().Answers);
    }

    /// <summary>An adapter brings its own table of answers to other data, whose other answers nothing can be right about.</summary>
    [Fact]
    public async Task AnAdapterIsMeasuredOnDataWithOtherAnswers()
    {
        await Train(QuestionsLayout.VqaRelease, "head", "run", null);
        double before = Evaluation.Run(_folder.File("run", "adapter"), split: "val")["score"];
        foreach (string file in Directory.GetFiles(_folder.File("sample", "data", "vqa")))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace("\"yes\"", "\"certainly\""));
        }

        double after = Evaluation.Run(_folder.File("run", "adapter"), split: "val")["score"];
        Assert.True(after <= before);
        Assert.InRange(after, 0, 100);
    }

    /// <summary>The pooler is frozen as published, but where everything trains.</summary>
    [Theory]
    [InlineData("full", true)]
    [InlineData("lora", false)]
    public async Task ThePoolerTrainsWithAllOfTheBackboneOnly(string method, bool trains)
    {
        await Train(QuestionsLayout.Vqa, method, "run", null, "train.max_steps=2", "train.backbone_learning_rate_factor=1");
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        using SafetensorsFile checkpoint = SafetensorsFile.Open(_folder.File("sample", "clip_vil.safetensors"));
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor now = adapter.ModelAs<QuestionsModel>().Joint.Backbone.Store.Parameters["bert.pooler.dense.weight"];
        Assert.Equal(trains, now.requires_grad);
        Assert.Equal(trains, (now - checkpoint.Read("bert.pooler.dense.weight")).abs().max().Item() > 0);
    }

    /// <summary>The answers that the pretraining knew start from its rows; the first evaluation of a run without a step shows them.</summary>
    [Fact]
    public async Task TheHeadStartsFromThePretraining()
    {
        using var watch = new StopWhen();
        await Train(QuestionsLayout.Vqa, "unipt", "run", watch, "task.pretrained_answers=true", "train.learning_rate=0", "train.epochs=1");
        string notice = Assert.Single(watch.Notices, notice => notice.StartsWith("The answer head starts from that of the pretraining", StringComparison.Ordinal));
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var model = adapter.ModelAs<QuestionsModel>();
        Assert.Contains($"knew {model.Answers.Intersect(QuestionsSample.PretrainedAnswers).Count()} of {model.Answers.Count} answers", notice);
        using SafetensorsFile checkpoint = SafetensorsFile.Open(_folder.File("sample", "clip_vil.safetensors"));
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = checkpoint.Read("answer_head.logit_fc.3.weight");
        Tensor own = model.HeadWeights["3.weight"];
        Assert.Equal(rows.select(0, 1).ToArray<float>(), own.select(0, model.Answers.ToList().IndexOf("no")).ToArray<float>());
        Assert.All(own.select(0, model.Answers.ToList().IndexOf("blue")).ToArray<float>(), weight => Assert.Equal(0, weight));
        Assert.Equal(checkpoint.Read("answer_head.logit_fc.0.weight").ToArray<float>(), model.HeadWeights["0.weight"].ToArray<float>());
    }

    [Theory]
    [InlineData("data.long_side=32", "data.image_size=64", "data.long_side is 32; expected at least data.image_size, which is 64.")]
    [InlineData("data.question_tokens=17", "threads=1", "clip_vil")]
    public async Task OptionsThatDoNotFitAreRefused(string option, string other, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Train(QuestionsLayout.Vqa, "unipt", "run", null, option, other));
        Assert.Contains(sentence, error.Message);
    }

    private static JsonElement[] Submitted(QuestionsTask task, TaskModel model, TaskData data)
    {
        using var stream = new MemoryStream();
        task.WriteSubmission(model, data, "test", new HiddenStateReader(data), stream, default);
        return JsonSerializer.Deserialize<JsonElement[]>(stream.ToArray())!;
    }

    private Recipe Load(QuestionsLayout layout, string method, string[] options)
    {
        string recipe = _folder.File("sample", "recipe.yaml");
        if (!File.Exists(recipe))
        {
            QuestionsSample.Write(_folder.File("sample"), layout);
        }

        return Recipe.Load(recipe, overrides: [.. method == "unipt" ? Array.Empty<string>() : [$"method.name={method}"], .. options]);
    }

    private Task<RunResult> Train(QuestionsLayout layout, string method, string run, StopWhen? observer, params string[] options) =>
        Trainer.RunAsync(Load(layout, method, options), _folder.File(run), observer: observer, cancellation: observer?.Token ?? default);
}
