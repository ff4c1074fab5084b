using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

/// <summary>The published experiment on made data in the published format.</summary>
public sealed class PublishedRetrievalTests : IDisposable
{
    private const int StepsPerEpoch = RetrievalSample.TrainPictures * RetrievalSample.Captions / 20;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(bool regions)
    {
        TensorCount before = TensorCount.Now();
        string recipe = RetrievalSample.Write(_folder.FullName, regions);
        const int Last = StepsPerEpoch + 4;
        RunResult calm = await Train(recipe, "calm", null, $"train.max_steps={Last}");
        using (var stopper = new StopWhen(StepsPerEpoch + 2)) // amid epoch 1, in which the loss grows
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(recipe, "stopped", stopper, $"train.max_steps={Last}"));
            Assert.Equal(0, stopper.Steps[StepsPerEpoch].Loss);
        }

        RunResult resumed = await Trainer.RunAsync(Load(recipe, $"train.max_steps={Last}"), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
        Assert.Equal(calm.Test, Evaluation.Run(_folder.File("calm", "adapter")));
        Assert.Equal(regions ? 9 : 16, calm.Test.Count); // and seven of the folds
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatCanBeMemorisedIs(bool regions)
    {
        string recipe = RetrievalSample.Write(_folder.FullName, regions);
        using var watch = new StopWhen();
        string data = _folder.File("data", "precomp");
        foreach (string split in (string[])["train", "dev", "test"])
        {
            // One caption is enough, so that no other of the same picture is a negative.
            string file = Path.Combine(data, $"{split}_caps.txt");
            string[] captions = File.ReadAllLines(file);
            File.WriteAllLines(file, captions.Select((_, line) => captions[line / 5 * 5]));
        }

        await Train(
            recipe, "run", watch, "data.captions=sample", "data.caption_word_drop=0", "task.token_drop=0", "task.embedding=64", "method.width=32", "backbones.text.training_mode=false",
            regions ? "data.region_drop=0" : "data.augmentation=none", "train.cache=true", "train.epochs=100", "train.learning_rate=5e-3", "train.step_epochs=[80]", "train.evaluate_every_epochs=100",
            "train.drop_last=false", "train.batch_size=40", "task.loss.sum_epochs=5", "task.loss.ramp=false");
        Assert.InRange(watch.Steps[0].Loss, 100, 1000);
        Assert.Equal(0, watch.Steps[^1].Loss, 1e-3);
    }

    [Fact]
    public async Task ATextFindsPicturesAndAPictureFindsCaptions()
    {
        string recipe = RetrievalSample.Write(_folder.FullName);
        await Train(recipe, "run", null, "train.epochs=1");
        string adapter = _folder.File("run", "adapter");
        using var predictor = Predictor.Load(adapter);
        PredictionResult pictures = predictor.Predict(new Dictionary<string, string> { ["text"] = "a red circle" }, 3);
        using SearchIndex index = SearchIndex.Open(adapter);
        IReadOnlyList<SearchHit> hits = index.ByText("a red circle", 3);
        Assert.Equal(hits.Select(hit => hit.Name), pictures.Best.Select(found => found.Text));
        Assert.All(hits.Zip(pictures.Best), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, 1e-6));

        string picture = Directory.GetFiles(_folder.File("data", "flickr30k-images"))[0];
        PredictionResult captions = predictor.Predict(new Dictionary<string, string> { ["picture"] = picture }, 200, split: "train");
        Assert.Equal(captions.Best.Count, captions.Best.Select(found => found.Text).Distinct().Count());
        Assert.Equal(captions.Best.OrderByDescending(found => found.Score), captions.Best);
        Assert.Subset(File.ReadLines(_folder.File("data", "precomp", "train_caps.txt")).ToHashSet(), captions.Best.Select(found => found.Text).ToHashSet());
        var error = Assert.Throws<UserException>(() => predictor.Predict(new Dictionary<string, string> { ["text"] = "x", ["picture"] = picture }));
        Assert.Equal("The task retrieval asks for a text or a picture; given was a text and picture.", error.Message);
    }

    [Fact]
    public async Task AnAdapterOfRegionsFindsNoCaptionsOfAPicture()
    {
        string recipe = RetrievalSample.Write(_folder.FullName, regions: true);
        await Train(recipe, "run", null, "train.epochs=1");
        using var predictor = Predictor.Load(_folder.File("run", "adapter"));
        Assert.Equal(2, predictor.Predict(new Dictionary<string, string> { ["text"] = "a red circle" }, 2).Best.Count);
        Assert.Equal(["text"], predictor.Asks);
        using SearchIndex index = SearchIndex.Open(_folder.File("run", "adapter"));
        Assert.Equal(
            "This adapter reads features of regions that a detector computed, and no pictures.", Assert.Throws<UserException>(() => index.ByPicture(new RgbImage(1, 1, new byte[3]), 1)).Message);
    }

    /// <summary>In an epoch of all captions a picture comes five times, each time varied on its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryExampleOfAPictureIsVariedOnItsOwn(bool regions)
    {
        string recipe = RetrievalSample.Write(_folder.FullName, regions);
        using var data = RetrievalData.Open((RetrievalTask)TaskRegistry.Create(Load(recipe, regions ? "data.region_drop=0.5" : "data.crop_min=0.3")));
        using var batch = (RetrievalBatch)data.Prepare([0, 1, 2, 3, 4], 0, new HiddenStateReader(data));
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([0, 0, 0, 0, 0], batch.Pictures);
        Tensor seen = batch.Seen(CPU)!.Values;
        Assert.Contains(Enumerable.Range(1, 4), other => !seen[0].allclose(seen[other]));
    }

    /// <summary>Tokens of captions are left out nowhere but where it is said.</summary>
    [Fact]
    public void TokensOfCaptionsStayWherePicturesAreDropped()
    {
        string recipe = RetrievalSample.Write(_folder.FullName);
        Assert.Equal(0, Dropped("task.caption_token_drop=0"));
        Assert.Equal(1, Dropped("task.caption_token_drop=0.5"));
        Assert.Equal(1, Dropped("task.caption_token_drop=null"));

        int Dropped(string option)
        {
            using TaskModel model = TaskModelBuilder.Build(TaskRegistry.Create(Load(recipe, "task.token_drop=0.5", option)));
            using DisposeScope scope = torch.NewDisposeScope();
            int drawn = 0;
            var retrieval = (RetrievalModel)model;
            retrieval.Embed("text", retrieval.Text.Hidden(BackboneInput.Texts([[2, 5, 6, 3]])), () =>
            {
                drawn = 1;
                return 0.9;
            });
            return drawn;
        }
    }

    [Fact]
    public void FoldsAndTheCapOfVal()
    {
        string recipe = RetrievalSample.Write(_folder.FullName);
        var task = (RetrievalTask)TaskRegistry.Create(Load(recipe));
        using var data = RetrievalData.Open(task);
        Assert.Equal([40, 10, 20], data.Splits.Select(split => split.Examples));
        Assert.Contains("10 of 12 pictures for val are used (data.val_captions).", data.Notices);
        Assert.Equal(25, data.Chance("test")["fold_t2i_r1"] * 5 / 4, 1e-9);
        Assert.Equal(5, data.Chance("test")["t2i_r1"], 1e-9);
        using var undivided = RetrievalData.Open((RetrievalTask)TaskRegistry.Create(Load(recipe, "data.folds=3")));
        Assert.Contains("data.folds is 3, which does not divide the 20 pictures for test; there are no figures of folds.", undivided.Notices);
        Assert.Equal(1, undivided.Folds);
    }

    /// <summary>The experiments as docs/retrieval.md and recipes/published have them.</summary>
    [Fact]
    public void ThePublishedOptionsAreRead()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "retrieval.md"));
        int start = text.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;
        Recipe regions = Parse(text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);
        var options = (RetrievalOptions)regions.Task.Options;
        Assert.Equal((1024, 512, 0.0), (options.Embedding, options.PictureMlp, options.TokenDrop));
        Assert.Equal((0.2, 5000), (((RetrievalDataOptions)regions.Data).RegionDrop, ((RetrievalDataOptions)regions.Data).ValCaptions));
        Assert.Null(regions.Backbones["image"].Weights);

        Recipe pictures = Parse("""
            name: f30k-unipt
            task: {name: retrieval, embedding: 1024, token_drop: 0.2, caption_token_drop: 0, correlation_start: {enabled: false}}
            data: {path: f30k, image_size: 512, resize: bilinear, captions: all, augmentation: crop_flip, crop_min: 0.6, caption_word_drop: 0.2, val_captions: 5000, workers: 20}
            backbones:
              image: {architecture: resnet, weights: ig_resnext101_32x8-c38310e5.pth}
              text: {architecture: bert, weights: bert-base-uncased, training_mode: true}
            method: {name: unipt, form: vse, width: 512}
            train: {epochs: 25, batch_size: 112, learning_rate: 5e-4, weight_decay: 1e-4, clip_norm: 2, schedule: step, step_epochs: [15]}
            """);
        Assert.Equal("bilinear", TaskRegistry.Create(pictures).Preprocessing["resize"]);

        static Recipe Parse(string yaml) => RecipeReader.Parse(yaml, "recipe.yaml", RepositoryPaths.Root, Catalog.Recipes, [], requireFiles: false);
    }

    [Theory]
    [InlineData(true, "data.augmentation=flip", "data.augmentation varies pictures; expected none because features of regions are read (backbones.image.architecture).")]
    [InlineData(false, "data.region_drop=0.2", "data.region_drop is 0.2; expected 0 because pictures are read: it is for the architecture regions.")]
    [InlineData(false, "backbones.image.architecture=mobilenet_v2", null)]
    public void OptionsThatDoNotFitAreRefused(bool regions, string option, string? sentence)
    {
        string recipe = RetrievalSample.Write(_folder.FullName, regions);
        if (sentence is null)
        {
            File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("    weights: image.safetensors\n", "", StringComparison.Ordinal));
            sentence = "backbones.image.weights is missing; expected the path of an existing file or folder, or a model by name";
        }

        Assert.Contains(sentence, Assert.Throws<UserException>(() => Load(recipe, option)).Message);
    }

    private static Recipe Load(string recipe, params string[] options) => Recipe.Load(recipe, overrides: options);

    private Task<RunResult> Train(string recipe, string run, StopWhen? observer, params string[] options) =>
        Trainer.RunAsync(Load(recipe, options), _folder.File(run), observer: observer, cancellation: observer?.Token ?? default);
}
