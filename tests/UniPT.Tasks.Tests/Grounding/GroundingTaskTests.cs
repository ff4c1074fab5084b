using System.Text.Json;
using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Inputs;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Testing.World;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Grounding;

/// <summary>From a recipe to figures, and from an adapter to boxes.</summary>
public sealed class GroundingTaskTests : IDisposable
{
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _recipe;

    public GroundingTaskTests() => _recipe = GroundingSample.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt")]
    [InlineData("head")]
    [InlineData("lora")]
    public async Task AMethodLearnsAndLeavesNoTensorBehind(string method)
    {
        const int Epochs = 3;
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train("run", watch, $"method.name={method}", $"train.epochs={Epochs}", "train.clip_norm=0", "train.learning_rate=2e-3", "train.step_epochs=[2]");
        int perEpoch = watch.Steps.Count / Epochs;
        double first = watch.Steps.Take(perEpoch).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(perEpoch).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal(["mean_iou", "p1", "p10", "p1_test_a", "p1_test_b", "p5"], result.Test.Keys.Order(StringComparer.Ordinal));
        Assert.All(result.Test.Values, figure => Assert.InRange(figure, 0, 100));
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Contains("The heads are new: the backbone's file has none (task.pretrained_heads).", watch.Notices);
        Assert.Equal(before, TensorCount.Now());
    }

    /// <summary>Of the prediction and of what the two merged layers give; a method without these has the first four.</summary>
    [Theory]
    [InlineData("unipt", 12)]
    [InlineData("head", 4)]
    public async Task TheTermsOfTheLossAreNamed(string method, int count)
    {
        using var watch = new StopWhen();
        await Train("run", watch, $"method.name={method}", "train.max_steps=1");
        string[] names = [.. ((string[])["", "_0", "_1"]).SelectMany(end => ((string[])["tokens", "boxes", "overlap", "alignment"]).Select(part => part + end))];
        IReadOnlyDictionary<string, double> terms = watch.Steps[0].Terms;
        Assert.Equal(names.Take(count), terms.Keys);
        Assert.Equal(watch.Steps[0].Loss, terms.Values.Sum(), 1e-3);
    }

    /// <summary>Amid an epoch, with parts of pictures, averaged weights and dropout of the frozen network.</summary>
    [Theory]
    [InlineData("unipt", 5, 12)]
    [InlineData("lora", 3, 9)]
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, int stop, int last)
    {
        string[] options = [$"method.name={method}", $"train.max_steps={last}", "backbones.joint.training_mode=true"];
        RunResult calm = await Train("calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train("stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(Load(options), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
    }

    /// <summary>
    /// Each of four expressions is called by three tokens. A query that means them all alike has an entropy of log 3, and is as near to one as to the others; all else can become 0. So
    /// it is for each of the three outputs.
    /// </summary>
    [Fact]
    public async Task WhatCanBeLearnedByHeartFallsToItsFloor()
    {
        string data = _folder.File("few");
        foreach (string split in (string[])["train", "val", "testA", "testB"])
        {
            GroundingSample.WriteSplit(data, "refcoco", split, [.. Enumerable.Range(1, 4).Select(id => Scene.Make(id, 64, 48, things: 1))]);
        }

        const int Steps = 180;

        // A query keeps the box that it was given first, so that few steps are enough.
        string[] faster = ["task.loss.token_cost=50", "task.loss.no_object=0.5", "train.beta2=0.99"];
        using var watch = new StopWhen();
        RunResult result = await Train(
            "run", watch, [$"data.path={data}", "data.crop_share=0", "data.sizes=[48]", $"train.epochs={Steps}", $"train.evaluate_every_epochs={Steps}", "train.batch_size=4",
            "train.clip_norm=1", "train.learning_rate=0.02", "train.schedule=cosine", "train.groups.heads.learning_rate_factor=1", "train.ema_decay=0", "train.weight_decay=0", .. faster]);
        double floor = 3 * (Math.Log(3) + (Math.Log(3) / 2));
        Assert.InRange(watch.Steps[^1].Loss, floor - 1e-3, 1.05 * floor);
        Assert.All(watch.Steps[^1].Terms.Where(term => term.Key.StartsWith("boxes") || term.Key.StartsWith("overlap")), term => Assert.InRange(term.Value, 0, 0.05));
        Assert.Equal(100, result.Test["p1"]);
        Assert.InRange(result.Test["mean_iou"], 97, 100);
        Assert.Contains("4 pictures are in train and in val too, so that figures on val say less of new pictures.", watch.Notices);
    }

    [Fact]
    public async Task AnAdapterFindsBoxesAndWritesThemDown()
    {
        RunResult result = await Train("run", null, "train.epochs=1", "train.step_epochs=[1]");
        using Adapter adapter = Adapter.Load(_folder.File("run", "adapter"));
        var task = (GroundingTask)adapter.Task;
        var model = adapter.ModelAs<GroundingModel>();
        using TaskData data = Evaluation.Open(adapter, null, false, ["test"], null);
        using var written = new MemoryStream();
        task.WriteSubmission(model, data, "test", new HiddenStateReader(data), written, default);
        using JsonDocument document = JsonDocument.Parse(written.ToArray());
        (long Id, double[] Box, double Score)[] rows =
        [
            .. document.RootElement.EnumerateArray().Select(row => (
                row.GetProperty("image_id").GetInt64(), row.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble()).ToArray(), row.GetProperty("score").GetDouble())),
        ];
        Scene[] scenes = [.. GroundingSample.SplitsOf("refcoco").Skip(2).SelectMany(split => Enumerable.Range(split.First, split.Scenes)).Select(GroundingSample.SceneOf)];
        (Scene Scene, Expression Expression)[] wanted = [.. scenes.SelectMany(scene => scene.Expressions().Select(expression => (scene, expression)))];
        Assert.Equal(wanted.Length * GroundingSample.Network.Queries, rows.Length);
        var found = rows.Chunk(GroundingSample.Network.Queries).ToArray();
        Assert.All(found, boxes => Assert.Equal(boxes.Select(box => box.Score).OrderDescending(), boxes.Select(box => box.Score)));
        Assert.Equal(wanted.Length, found.Select(boxes => boxes[0].Id).Distinct().Count());
        Assert.Equal(result.Test["p1"], 100.0 * found.Zip(wanted).Count(pair => Iou(pair.First[0].Box, pair.Second.Expression.Thing) >= 0.5) / wanted.Length, 1e-9);

        // One picture alone is not padded, which changes little at its borders.
        int tall = Array.FindIndex(wanted, pair => pair.Scene.Height > pair.Scene.Width);
        string picture = Path.Combine(GroundingSample.PicturesIn(Data), GroundingSample.PictureOf(wanted[tall].Scene));
        PredictionResult predicted = ((IPredictingTask)task).Predict(model, new(new Dictionary<string, string> { ["picture"] = picture, ["text"] = wanted[tall].Expression.Text }, 2));
        Assert.Equal(2, predicted.Best.Count);
        double[] corners = [.. predicted.Best[0].Text.Split(' ').Select(double.Parse)];
        double[] first = found[tall][0].Box;
        Assert.All(corners.Zip((double[])[first[0], first[1], first[0] + first[2], first[1] + first[3]]), pair => Assert.Equal(pair.Second, pair.First, 3.0));
        Assert.Equal(found[tall][0].Score, predicted.Best[0].Score!.Value, 0.1);
        RgbImage drawn = ImageDecoder.Decode(predicted.Drawn!, "drawn");
        Assert.Equal((wanted[tall].Scene.Width, wanted[tall].Scene.Height), (drawn.Width, drawn.Height));
        Assert.Equal(["picture", "text"], task.Asks);
        Assert.Contains("is empty", Assert.Throws<UserException>(() => model.Find(drawn, " ")).Message);

        // Two adapters share a pass of the backbone.
        await Train("other", null, "method.name=head", "train.max_steps=1", "train.step_epochs=[1]");
        var both = Evaluation.Run([_folder.File("run", "adapter"), _folder.File("other", "adapter")]);
        Assert.Equal(result.Test, both[0]);
        Assert.NotEqual(both[0]["mean_iou"], both[1]["mean_iou"]);

        // What a report shows of it.
        model.SetTraining(false);
        var examples = task.Examples(data, model, "test", 2);
        Assert.Equal(2, examples.Count);
        Assert.All(examples, example => Assert.Equal("image/png", example.Picture!.MediaType));
        Assert.All(examples, example => Assert.Equal(["layer 1", "layer 2"], example.Streams[0].Layers.Select(layer => layer.Layer)));
    }

    /// <summary>Figures of every data set that is there, and of both tests of each.</summary>
    [Fact]
    public async Task SeveralDataSetsAreMeasuredEach()
    {
        string recipe = GroundingSample.Write(_folder.File("all"), "refcoco+", "refcocog");
        using var watch = new StopWhen();
        RunResult result = await Trainer.RunAsync(Recipe.Load(recipe, overrides: ["train.max_steps=1"]), _folder.File("run"), observer: watch);
        Assert.Equal(
            ["mean_iou", "p1", "p10", "p1_refcoco_plus", "p1_refcoco_plus_test_a", "p1_refcoco_plus_test_b", "p1_refcocog", "p5"], result.Test.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("p1_refcocog", watch.Evaluations[0].Figures.Keys);
        Assert.DoesNotContain("p1_refcoco_plus_test_a", watch.Evaluations[0].Figures.Keys);
        var one = Evaluation.Run(_folder.File("run", "adapter"), Data);
        Assert.Equal(["mean_iou", "p1", "p10", "p1_refcoco", "p1_refcoco_test_a", "p1_refcoco_test_b", "p5"], one.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>A batch that is planned for has the widest and the tallest picture.</summary>
    [Fact]
    public void MemoryIsPlannedWithTheLargestPictures()
    {
        Recipe recipe = Load("train.batch_size=8");
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        using PreparedBatch batch = data.PrepareLargest(4, new HiddenStateReader(data));
        Assert.Equal(4, batch.Inputs["joint"].Length);
        Assert.Equal([4L, 3, 60, 72], ((GroundingBatch)batch).Pictures.Pixels.shape);
        MemoryPlan plan = MemoryPlanner.Plan(recipe);
        Assert.True(plan.Step.Activations > 0);
    }

    [Fact]
    public async Task AnExpressionLongerThanTheBackboneReadsIsCut()
    {
        string file = GroundingSample.AnnotationsIn(Data, "refcoco", "train");
        string caption = $"the red circle {string.Concat(Enumerable.Repeat("left of ", 20))}it";
        Assert.Equal(20, Replace(file, GroundingSample.SceneOf(0).Expressions()[0].Text, caption));
        using var watch = new StopWhen();
        await Train("run", watch, "train.max_steps=9", "train.drop_last=false");
        Assert.Contains(watch.Notices, notice => notice.Contains("1 of ") && notice.EndsWith("expressions of the train split are longer than 30 tokens and were cut."));

        static int Replace(string file, string from, string to)
        {
            string text = File.ReadAllText(file);
            int at = text.IndexOf($"\"caption\":\"{from}\"", StringComparison.Ordinal);
            string key = "\"caption\":\"";
            File.WriteAllText(file, text[..(at + key.Length)] + to + text[(at + key.Length + from.Length)..]);
            return to.Split("left").Length - 1;
        }
    }

    private string Data => GroundingSample.DataIn(_folder.FullName);

    private static double Iou(double[] box, Thing thing)
    {
        double across = Math.Max(0, Math.Min(box[0] + box[2], thing.Left + thing.Width) - Math.Max(box[0], thing.Left));
        double down = Math.Max(0, Math.Min(box[1] + box[3], thing.Top + thing.Height) - Math.Max(box[1], thing.Top));
        return across * down / ((box[2] * box[3]) + (thing.Width * thing.Height) - (across * down));
    }

    private Task<RunResult> Train(string run, StopWhen? observer, params string[] options) =>
        Trainer.RunAsync(Load(options), _folder.File(run), observer: observer, cancellation: observer?.Token ?? default);

    private Recipe Load(params string[] options) => Recipe.Load(_recipe, overrides: options);
}
