using System.Text.RegularExpressions;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Search;
using UniPT.Tasks.VideoRetrieval;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Testing.World;
using UniPT.Tests;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.VideoRetrieval;

/// <summary>From a recipe to figures and to films that are found, with films that are folders of pictures where nothing else is said.</summary>
public sealed class VideoRetrievalTaskTests : IDisposable
{
    // Of MSR-VTT: all captions of the films that are not held out.
    private const int Pairs = VideoRetrievalSample.Captions * (VideoRetrievalSample.TrainFilms + VideoRetrievalSample.ValFilms - 1);
    private const int StepsPerEpoch = (Pairs + 7) / 8;
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable(UserCache.Variable);

    public VideoRetrievalTaskTests() => Environment.SetEnvironmentVariable(UserCache.Variable, _folder.File("cache"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, _cache);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("name: unipt, form: clip4clip, width: 16", VideoLayout.MsrVtt)]
    [InlineData("name: unipt, form: clip4clip, width: 16", VideoLayout.Msvd, "train.cache=true", "data.mask_id_zero=true")]
    [InlineData("name: full", VideoLayout.MsrVtt, "task.learn_logit_scale=true", "task.logit_scale=20")] // its own embeddings, as published
    [InlineData("name: lora, rank: 2", VideoLayout.Msvd)]
    [InlineData("name: lst, reduction: 4, heads: 1", VideoLayout.Table, "task.embedding=24", "data.captions=sample")]
    [InlineData("name: head", VideoLayout.MsrVtt, "task.embedding=24", "data.frame_choice=tail", "data.frame_cache_gb=0")]
    public async Task AMethodLearnsAndLeavesNoTensorBehind(string method, VideoLayout layout, params string[] options)
    {
        string recipe = With(method, VideoRetrievalSample.Write(_folder.File("sample"), layout, files: false));
        TensorCount before = TensorCount.Now();
        using var watch = new StopWhen();
        RunResult result = await Train(recipe, "run", watch, ["train.epochs=6", "train.learning_rate=3e-3", .. options]);
        int steps = watch.Steps.Count / 6;
        double first = watch.Steps.Take(steps).Average(step => step.Loss);
        double last = watch.Steps.TakeLast(steps).Average(step => step.Loss);
        Assert.True(last < first, $"{first} then {last}");
        Assert.Equal(VideoRetrievalFigures.All.Select(figure => figure.Name).Order(), result.Test.Keys.Order());
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [InlineData("name: unipt, form: clip4clip, width: 16", 3, "train.cache=true")]
    [InlineData("name: unipt, form: clip4clip, width: 16", 3)]
    [InlineData("name: full", 6)]
    public async Task AStoppedRunEndsInTheBitsOfAnUndisturbedOne(string method, int stop, params string[] more)
    {
        string recipe = With(method, VideoRetrievalSample.Write(_folder.File("sample"), files: false));
        string[] options = ["train.max_steps=8", .. more];
        RunResult calm = await Train(recipe, "calm", null, options);
        using (var stopper = new StopWhen(stop))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(recipe, "stopped", stopper, options));
            Assert.Equal(stop, stopper.Steps.Count);
        }

        RunResult resumed = await Trainer.RunAsync(Recipe.Load(recipe, overrides: options), _folder.File("stopped"), resume: true);
        Assert.All(Results, file => Assert.Equal(FileHash.Sha256(_folder.File("calm", file)), FileHash.Sha256(_folder.File("stopped", file))));
        Assert.Equal(calm.Test, resumed.Test);
        Assert.Equal(StepsPerEpoch, 5);
    }

    /// <summary>
    /// One batch of everything: of a film with two captions either may be the right one, so that the most that can be learned leaves ln 2 of each half of the loss; with one
    /// caption each it leaves nothing.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.6931)]
    public async Task ADataSetCanBeLearnedByHeart(int captions, double floor)
    {
        string recipe = VideoRetrievalSample.Write(_folder.File("sample"), VideoLayout.Table, files: false);
        File.WriteAllLines(_folder.File("sample", "data", "films.jsonl"), Enumerable.Range(0, 8).SelectMany(film => new[] { "train", "val" }.Select(split =>
            $$"""{"file": "films/video{{film}}", "caption": ["{{string.Join("\", \"", VideoRetrievalSample.CaptionsOf(film).Take(captions))}}"], "split": "{{split}}"}""")));
        using var watch = new StopWhen();
        RunResult result = await Train(recipe, "run", watch, "train.steps=120", "train.evaluate_every_steps=120", "train.batch_size=16", "train.learning_rate=1e-2", "train.weight_decay=0", "train.cache=true", "method.width=32");
        double reached = watch.Steps.TakeLast(5).Average(step => step.Loss);
        Assert.InRange(watch.Steps[0].Loss, floor + 0.8, double.MaxValue);
        Assert.InRange(reached, floor - 0.001, floor + 0.05);
        Assert.Equal(600, result.Test["rsum"]);
        Assert.Equal(600, Evaluation.Run(_folder.File("run", "adapter"), split: "train")["rsum"]);
    }

    /// <summary>What ffmpeg gives of an uncompressed film is what the pictures hold.</summary>
    [FfmpegFact]
    public async Task FilmsAndFoldersOfTheirFramesGiveTheSame()
    {
        string[] options = ["train.max_steps=3"];
        RunResult pictures = await Train(VideoRetrievalSample.Write(_folder.File("pictures"), files: false), "a", null, options);
        RunResult films = await Train(VideoRetrievalSample.Write(_folder.File("films"), files: true), "b", null, options);
        Assert.Equal(FileHash.Sha256(_folder.File("a", Results[0])), FileHash.Sha256(_folder.File("b", Results[0])));
        Assert.Equal(pictures.Test, films.Test);

        // What is kept of them needs no program any more.
        Assert.Equal(2 * (VideoRetrievalSample.TrainFilms + VideoRetrievalSample.ValFilms + VideoRetrievalSample.TestFilms), Directory.GetFiles(_folder.File("cache", "frames"), "*.safetensors").Length);
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.Equal(films.Test, Evaluation.Run(_folder.File("b", "adapter")));
    }

    [Fact]
    public async Task FilmsAreFoundByTextAndByPicture()
    {
        string recipe = VideoRetrievalSample.Write(_folder.File("sample"), VideoLayout.Msvd, files: false);
        await Train(recipe, "run", null, "train.max_steps=2");
        string adapter = _folder.File("run", "adapter");
        using (SearchIndex index = SearchIndex.Open(adapter))
        {
            Assert.Equal((VideoRetrievalSample.TestFilms, "film"), (index.Count, index.Noun));
            IReadOnlyList<SearchHit> hits = index.ByText("a red circle moves left", 3);
            Assert.Equal(3, hits.Count);
            Assert.Equal(hits.OrderByDescending(hit => hit.Score), hits);
            Assert.All(hits, hit => Assert.InRange(hit.Score, -1.001, 1.001));
            Assert.Equal(VideoRetrievalSample.Captions, hits[0].Captions.Count);
            RgbImage shown = ImageDecoder.Decode(index.Read(hits[0]), "frame");
            Assert.Equal((32, 32), (shown.Width, shown.Height));
            Assert.Equal("The query is empty; say what to look for.", Assert.Throws<UserException>(() => index.ByText(" ", 1)).Message);
            Assert.Contains("The query is longer than 32 tokens and was cut.", index.CutNotice(string.Join(' ', Enumerable.Repeat("circle", 40))));
            RgbImage frame = ImageDecoder.Decode(Film.Make(14, 4, 48, 32).Frames[1].Png(), "query");
            Assert.Equal(5, index.ByPicture(frame, 100).Count);
            Assert.Contains("the 3 best films.", ContactSheet.Render("Search", "films", [SearchResult.Of(index, "a film", null, hits)]));
        }

        using Predictor predictor = Predictor.Load(adapter);
        Assert.Equal(["text"], predictor.Asks);
        PredictionResult predicted = predictor.Predict(new Dictionary<string, string> { ["text"] = "a red circle moves left" }, 2);
        using SearchIndex again = SearchIndex.Open(adapter);
        Assert.Equal(again.ByText("a red circle moves left", 2).Select(hit => hit.Name), predicted.Best.Select(best => best.Text));
    }

    [Theory]
    [InlineData("data.image_size=48", "clip_vit takes pictures [B, 3, 32, 32]; it was given [")]
    [InlineData("data.max_frames=0", "data.max_frames is 0; expected")]
    [InlineData("data.validation=none", "data.validation is")]
    [InlineData("backbones.image.vocabulary=VOCABULARY", "backbones.image.vocabulary is given; expected none because this backbone reads frames.")]
    public async Task OptionsThatDoNotFitAreRefused(string option, string sentence)
    {
        string recipe = VideoRetrievalSample.Write(_folder.File("sample"), VideoLayout.Msvd, files: false);
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Train(recipe, "run", null, option.Replace("VOCABULARY", _folder.File("sample", "vocabulary"))));
        Assert.Contains(sentence, error.Message);
    }

    [Fact]
    public void TowersOfDifferentWidthsAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal(
            "Frames become vectors of 3 numbers and texts of 2, which cannot be compared; set task.embedding to one width for both.",
            Assert.Throws<UserException>(() => VideoRetrievalModel.RequireOneSpace(torch.zeros(4, 2), torch.zeros(4, 3))).Message);
    }

    /// <summary>A film that changed after it was looked at.</summary>
    [Fact]
    public async Task AFilmThatBreaksLaterIsNamed()
    {
        string recipe = VideoRetrievalSample.Write(_folder.File("sample"), VideoLayout.Msvd, files: false);
        string film = _folder.File("sample", "data", "Compress_Videos", VideoRetrievalSample.IdOf(2, VideoLayout.Msvd));
        Array.ForEach(Directory.GetFiles(film), file => File.WriteAllText(file, "broken"));
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Train(recipe, "run", null));
        Assert.Contains($"{film}{Path.DirectorySeparatorChar}0000.png is not a picture", error.Message);
    }

    /// <summary>Puts another method into a recipe.</summary>
    private static string With(string method, string recipe)
    {
        File.WriteAllText(recipe, Regex.Replace(File.ReadAllText(recipe), @"^method:\n(  .*\n)*", $"method: {{{method}}}\n", RegexOptions.Multiline));
        return recipe;
    }

    private Task<RunResult> Train(string recipe, string run, StopWhen? observer, params string[] options) =>
        Trainer.RunAsync(Recipe.Load(recipe, overrides: options), _folder.File(run), observer: observer, cancellation: observer?.Token ?? default);
}
