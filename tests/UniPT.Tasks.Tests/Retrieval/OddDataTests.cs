using System.Text.Json;
using UniPT.Testing;
using UniPT.Training;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

/// <summary>Data sets that have less in them than they seem to have.</summary>
public sealed class OddDataTests : IDisposable
{
    private const int Batch = 4;
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public OddDataTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt")]
    [InlineData("head")]
    public async Task WhereAllCaptionsAreEqualNothingIsLearned(string recipe)
    {
        Rewrite("train", pictures => pictures.Select(picture => picture with { Captions = ["a picture"] }));
        using var watch = new StopWhen();

        await Train(recipe, watch);

        Assert.Single(watch.Notices, notice => notice.Contains("all alike"));
        Assert.All(watch.Steps, step => Assert.True(step.Loss > Math.Log(Batch) - 0.01, $"{step.Loss} at {step.Position.Step}"));
    }

    [Fact]
    public async Task OneTrainingPictureIsTrainedOn()
    {
        Rewrite("train", pictures => pictures.Take(1));
        using var watch = new StopWhen();

        RunResult result = await Train("unipt", watch);

        Assert.Single(watch.Notices, notice => notice.Contains("all alike"));
        Assert.InRange(result.Test["rsum"], 0, 600);
    }

    [Fact]
    public async Task EqualPicturesHaveOneRecallInWhateverOrderTheyCome()
    {
        await Train("unipt", null);
        string adapter = _folder.File("run", "adapter");

        // More than the 64 that are embedded at once, so that equal pictures lie in batches of different sizes.
        Rewrite("test", pictures => pictures.SelectMany(picture => Enumerable.Range(0, 12).Select(copy => picture.Copy(_data, copy))));
        List<IReadOnlyDictionary<string, double>> metrics = [];
        for (int order = 1; order <= 4; order++)
        {
            var random = new Random(order);
            Rewrite("test", pictures => pictures.OrderBy(_ => random.Next()));
            metrics.Add(Evaluation.Run(adapter, _data));
        }

        Assert.All(metrics, one => Assert.Equal(metrics[0], one));
        Assert.Equal(0, metrics[0]["t2i_r10"]);
    }

    private Task<RunResult> Train(string recipe, StopWhen? watch) => Trainer.RunAsync(
        SampleRecipe.Load(_data, recipe, $"train.batch_size={Batch}", "train.epochs=4"), _folder.File("run"), observer: watch);

    private void Rewrite(string split, Func<IEnumerable<Line>, IEnumerable<Line>> change)
    {
        string file = Path.Combine(_data, split, "metadata.jsonl");
        Line[] lines = [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!)];
        Line[] changed = [.. change(lines)];
        File.WriteAllLines(file, changed.Select(line => JsonSerializer.Serialize(line, JsonSerializerOptions.Web)));
        foreach (Line left in lines.ExceptBy(changed.Select(line => line.FileName), line => line.FileName))
        {
            File.Delete(Path.Combine(_data, split, left.FileName));
        }
    }

    private sealed record Line([property: System.Text.Json.Serialization.JsonPropertyName("file_name")] string FileName, string[] Captions)
    {
        internal Line Copy(string data, int copy)
        {
            string name = $"{copy}-{FileName}";
            File.Copy(Path.Combine(data, "test", FileName), Path.Combine(data, "test", name));
            return this with { FileName = name };
        }
    }
}
