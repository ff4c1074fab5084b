using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Every task on a made data set in its published format, from a look at the data to a report, as a user types it.</summary>
public sealed class PublishedFormatsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Samples => ["retrieval", "regions", "video_retrieval", "vqa", "gqa", "grounding", "text_to_text"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void FromALookAtTheDataToAReport(string sample)
    {
        string place = _folder.File(sample);
        (string recipe, string data, string looks, string methods, string[] input, bool submits) = sample switch
        {
            "retrieval" => (RetrievalSample.Write(place), "data", "VSE∞'s layout", "unipt,head,lora", (string[])["--text", "a red circle", "--top", "2"], false),
            "regions" => (RetrievalSample.Write(place, regions: true), "data", "precomputed regions", "unipt,head,full", ["--text", "a red circle", "--top", "2"], false),
            "video_retrieval" => (VideoRetrievalSample.Write(place), "data", "MSR-VTT", "unipt,lora,bitfit", ["--text", "a red circle moves left", "--top", "2"], false),
            "vqa" => (QuestionsSample.Write(place), "data", "data.benchmark vqa", "unipt,head,lora", ["--picture", Picture(place), "--text", "What color is the circle?", "--top", "2"], true),
            "gqa" => (QuestionsSample.Write(place, QuestionsLayout.GqaRelease), "data", "data.benchmark gqa", "unipt,head,lst", ["--picture", Picture(place), "--text", "Is there a red circle?", "--top", "2"], true),
            "grounding" => (GroundingSample.Write(place), "", "referring expressions", "unipt,head,lora", ["--picture", Picture(place), "--text", "the red circle", "--top", "2", "--draw", _folder.File("drawn.png")], true),
            _ => (TextToTextSample.Write(place), "RTE", "RTE of GLUE", "unipt,lst,lora", ["--text", "there is a red circle", "--second-text", "one sees a red circle", "--top", "1"], true),
        };
        string runs = _folder.File("runs");
        Assert.Contains(looks, Succeed("inspect", Path.Combine(place, data)));
        string compared = Succeed("compare", recipe, "--methods", methods, "--out", runs, "--set", "train.epochs=6");
        Assert.All(methods.Split(','), method => Assert.Contains(method, compared));
        Assert.True(File.Exists(Path.Combine(runs, "report.html")), compared);

        // The same run once more, killed amid its steps and resumed, ends in the same bits.
        string killed = _folder.File("killed");
        string[] train = ["train", recipe, "--out", killed, "--set", "train.epochs=6", "--set", "train.checkpoint_every_steps=1"];
        using (Process process = Tool.Start("unipt", [], train))
        {
            while (!process.HasExited && Steps(killed) < 3)
            {
                Thread.Sleep(5);
            }

            process.Kill();
            ToolResult stopped = Tool.Finish(process);
            Assert.True(stopped.ExitCode == 137, stopped.Error);
        }

        Succeed([.. train, "--resume"]);
        string calm = Directory.GetDirectories(runs).Single(run => Path.GetFileName(run).Contains("unipt", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(Adapter(calm)), File.ReadAllBytes(Adapter(killed)));

        Assert.Matches("[0-9]", Succeed("evaluate", killed, "--split", "val"));
        string predicted = Succeed(["predict", killed, .. input, "--split", sample is "retrieval" or "regions" or "video_retrieval" ? "test" : "val"]);
        Assert.Equal(int.Parse(input[Array.IndexOf(input, "--top") + 1], System.Globalization.CultureInfo.InvariantCulture), predicted.Trim().Split('\n').Length);
        if (input.Contains("--draw"))
        {
            Assert.Equal(0x89, File.ReadAllBytes(_folder.File("drawn.png"))[0]);
        }

        if (submits)
        {
            Succeed("predict", killed, "--split", "val", "--submission", _folder.File("submission"));
            Assert.NotEqual(0, new FileInfo(_folder.File("submission")).Length);
            Tool.Run("predict", killed, "--text", "a text", "--submission", _folder.File("other")).AssertUserError("give either --submission or an input, and not both");
        }
        else
        {
            Tool.Run("predict", killed, "--submission", _folder.File("submission")).AssertUserError("for which no server takes predictions");
        }
    }

    /// <summary>The pair that comes along learns from published files in seconds: far more than guessing.</summary>
    [Fact]
    public void TheRealPairLearnsFromPublishedFiles()
    {
        RetrievalSample.WriteData(_folder.File("f30k"));
        string run = _folder.File("run");
        Succeed("train", "recipes/emoji/unipt.yaml", "--out", run, "--set", $"data.path={_folder.File("f30k")}", "--set", "train.epochs=6", "--set", "train.batch_size=20", "--set", "task.embedding=64");
        Succeed("evaluate", run, "--json", _folder.File("figures.json"));
        using var figures = JsonDocument.Parse(File.ReadAllBytes(_folder.File("figures.json")));

        // Of 20 pictures and 100 captions guessing finds 5, 25 and 50 %, and fewer the other way round.
        Assert.InRange(figures.RootElement.GetProperty("rsum").GetDouble(), 320, 600);
    }

    private static string Succeed(params string[] arguments)
    {
        ToolResult result = Tool.Run(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Output}{result.Error}");
        return result.Output;
    }

    private static string Adapter(string run) => Path.Combine(run, "adapter", "adapter_model.safetensors");

    /// <summary>Any of the sample's pictures.</summary>
    private static string Picture(string place)
    {
        string file = Path.Combine(Directory.CreateDirectory(place).FullName, "asked.png");
        File.WriteAllBytes(file, Testing.World.Scene.Make(7).Png());
        return file;
    }

    private static int Steps(string run)
    {
        string metrics = Path.Combine(run, "metrics.jsonl");
        return File.Exists(metrics) ? Regex.Count(File.ReadAllText(metrics), "\"kind\":\"step\"") : 0;
    }
}
