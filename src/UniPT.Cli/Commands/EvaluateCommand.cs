using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt evaluate</c>: measures a saved adapter.</summary>
internal sealed class EvaluateCommand : Verb
{
    private readonly Argument<string[]> _adapters = new("adapters")
    {
        Description = "Adapters' folders, or runs' folders; several of the same task and backbones share one pass.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string> _split = SharedOptions.Split();
    private readonly Option<string?> _models = SharedOptions.Models();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal EvaluateCommand() : base("evaluate", "Measures adapters on a data set.")
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
        RecipeNotices.WriteOf(arguments.InvocationConfiguration.Error, device, folders, cancellation);
        IReadOnlyList<IReadOnlyDictionary<string, double>> all = Evaluation.Run(folders, data, split, models, device, skipBad, error.WriteLine, cancellation);
        IReadOnlyList<FigureDefinition> figures = TaskRegistry.Create(AdapterConfig.Read(folders[0]).ReadRecipe(folders[0])).Figures;
        TextWriter output = arguments.InvocationConfiguration.Output;
        foreach ((string adapter, IReadOnlyDictionary<string, double> found) in adapters.Zip(all))
        {
            output.WriteLine($"{adapter}: {split}");
            FigureLines.Write(output, figures, found);
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
}
