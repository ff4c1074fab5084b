using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt evaluate</c>: measures a saved adapter.</summary>
internal sealed class EvaluateCommand : Verb
{
    private readonly Argument<string[]> _adapters = new("adapters")
    {
        Description = "Adapters' folders, or runs' folders; several of the same backbones share one pass.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string> _split = SharedOptions.Split();
    private readonly Option<string?> _models = SharedOptions.Models();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal EvaluateCommand() : base("evaluate", "Measures the recall of adapters both ways.")
    {
        Add(_adapters);
        Add(_data);
        Add(_split);
        Add(_models);
        Add(_device);
        Add(_skipBad);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt evaluate runs/emoji-unipt",
        "unipt evaluate runs/emoji-unipt/adapter --split val --json figures.json",
        "unipt evaluate runs/emoji-unipt --data my-pictures.zip",
        "unipt evaluate runs/emoji-unipt runs/emoji-head",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TorchRuntime.Threads = TorchRuntime.DefaultThreads;
        string split = arguments.GetValue(_split)!;
        string[] adapters = arguments.GetValue(_adapters)!;
        (string? data, string? models, DeviceKind? device) = (arguments.GetValue(_data), arguments.GetValue(_models), arguments.GetValue(_device));
        (bool skipBad, TextWriter error) = (arguments.GetValue(_skipBad), arguments.InvocationConfiguration.Error);
        string[] folders = [.. adapters.Select(AdapterPath.Of)];
        PrecisionNotice.WriteOf(arguments.InvocationConfiguration.Error, device, folders);
        IReadOnlyList<RetrievalMetrics> all = folders is [{ } only]
            ? [Evaluation.Run(only, data, split, models, device, skipBad, error.WriteLine, cancellation)]
            : Evaluation.RunAll(folders, data, split, models, device, skipBad, error.WriteLine, cancellation);
        TextWriter output = arguments.InvocationConfiguration.Output;
        foreach ((string adapter, RetrievalMetrics metrics) in adapters.Zip(all))
        {
            if (all.Count > 1)
            {
                output.WriteLine(adapter);
            }

            output.WriteLine($"{split,-14} R@1    R@5    R@10   median rank");
            Write(output, "image → text", metrics.ImageToText);
            Write(output, "text → image", metrics.TextToImage);
            output.WriteLine($"rSum {metrics.RSum:f1}");
        }

        string? json = arguments.GetValue(_json);
        if (all.Count == 1)
        {
            FiguresFile.Write(json, all[0]);
        }
        else
        {
            FiguresFile.Write(json, adapters.Zip(all).Select(pair => new { Adapter = pair.First, Figures = pair.Second }));
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Write(TextWriter output, string direction, RankMetrics metrics) =>
        output.WriteLine($"{direction,-14} {metrics.RecallAt1,-6:f1} {metrics.RecallAt5,-6:f1} {metrics.RecallAt10,-6:f1} {metrics.MedianRank}");
}
