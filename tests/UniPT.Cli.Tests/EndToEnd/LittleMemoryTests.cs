using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Real refusals: one sentence with what was needed, what was held and what to lower.</summary>
public sealed class LittleMemoryTests : IDisposable
{
    private const string Refusal = @"^unipt: There was not enough memory for a tensor of [0-9.]+ [MG]iB on the CPU: [0-9.]+ [KMG]iB of tensors were held; ";
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public LittleMemoryTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [LittleMemoryFact]
    public void TrainingThatDoesNotFit()
    {
        string run = _folder.File("run");
        ToolResult result = LittleMemory.Run(1024, Train("full", run, "train.batch_size=12", "data.image_size=512"));

        result.AssertUserError();
        Assert.Matches(Refusal + "lower train.batch_size or data.image_size, or take a method that trains less", result.Error);
        Assert.False(Directory.Exists(Path.Combine(run, "adapter")));

        // What it says helps.
        Assert.Equal(0, LittleMemory.Run(1024, Train("full", _folder.File("smaller"), "train.batch_size=4", "data.image_size=32")).ExitCode);
    }

    [LittleMemoryFact]
    public void WeightsThatDoNotFit()
    {
        string run = _folder.File("run");
        ToolResult result = LittleMemory.Run(600, Train("unipt", run, "method.width=8192", "task.embedding=8192"));

        result.AssertUserError();
        Assert.Matches(Refusal + "the weights need it: free memory, or take a smaller model", result.Error);
        Assert.False(Directory.Exists(run));
    }

    [LittleMemoryFact]
    public void APlanThatDoesNotFit()
    {
        string[] train = Train("full", "", "train.batch_size=24", "data.image_size=512");
        ToolResult result = LittleMemory.Run(1024, ["plan", train[1], .. train[4..]]);

        result.AssertUserError();
        Assert.Matches(Refusal + "lower train.batch_size or data.image_size", result.Error);
    }

    [LittleMemoryFact]
    public void AnEvaluationThatDoesNotFit()
    {
        string run = _folder.File("run");
        ToolResult trained = Tool.Run(Train("head", run, "train.max_steps=1", "data.image_size=1024", "train.batch_size=2"));
        Assert.True(trained.ExitCode == 0, trained.Error);
        ToolResult result = LittleMemory.Run(550, "evaluate", run);

        result.AssertUserError();
        Assert.Matches(Refusal + "evaluation takes 64 examples at once: it needs a lower data.image_size or more memory", result.Error);
    }

    private string[] Train(string recipe, string run, params string[] options)
    {
        string[] all = [$"data.path={_data}", "data.image_size=32", "task.embedding=16", "threads=1", "train.epochs=1", "train.warmup_steps=0", .. options];
        return ["train", $"recipes/emoji-small/{recipe}.yaml", "--out", run, .. all.SelectMany(option => new[] { "--set", option })];
    }
}
