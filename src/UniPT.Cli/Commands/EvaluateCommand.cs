using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt evaluate</c>: measures a saved adapter.</summary>
internal sealed class EvaluateCommand : Verb
{
    private readonly Argument<string> _adapter = SharedOptions.Adapter();
    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string> _split = SharedOptions.Split();
    private readonly Option<string?> _models = SharedOptions.Models();
    private readonly DeviceOption _device = new();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal EvaluateCommand() : base("evaluate", "Measures an adapter's recall both ways.")
    {
        Add(_adapter);
        Add(_data);
        Add(_split);
        Add(_models);
        Add(_device);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt evaluate runs/emoji-unipt",
        "unipt evaluate runs/emoji-unipt/adapter --split val --json figures.json",
        "unipt evaluate runs/emoji-unipt --data my-pictures.zip",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string split = arguments.GetValue(_split)!;
        RetrievalMetrics metrics = Evaluation.Run(
            AdapterPath.Of(arguments.GetValue(_adapter)!), arguments.GetValue(_data), split, arguments.GetValue(_models), arguments.GetValue(_device), cancellation);
        TextWriter output = arguments.InvocationConfiguration.Output;
        output.WriteLine($"{split,-14} R@1    R@5    R@10   median rank");
        Write(output, "image → text", metrics.ImageToText);
        Write(output, "text → image", metrics.TextToImage);
        output.WriteLine($"rSum {metrics.RSum:f1}");
        FiguresFile.Write(arguments.GetValue(_json), metrics);
        return Task.FromResult(ExitCode.Ok);
    }

    private static void Write(TextWriter output, string direction, RankMetrics metrics) =>
        output.WriteLine($"{direction,-14} {metrics.RecallAt1,-6:f1} {metrics.RecallAt5,-6:f1} {metrics.RecallAt10,-6:f1} {metrics.MedianRank}");
}
