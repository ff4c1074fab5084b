using System.CommandLine;
using UniPT.Backbones.Pretrained;
using UniPT.Cli.CommandLine;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt models</c>: the pretrained networks that recipes can name, and where they are.</summary>
internal sealed class ModelsCommand : Verb
{
    private readonly Option<string?> _fetch = new("--fetch") { Description = "Fetches models, separated by commas, or all; training fetches what it needs by itself.", HelpName = "names" };

    internal ModelsCommand() : base("models", "Lists the pretrained models that recipes can name, and fetches them.") => Add(_fetch);

    internal override IReadOnlyList<string> Examples => ["unipt models", "unipt models --fetch all", "unipt models --fetch minilm_l6,resnet18"];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_fetch) is { } names)
        {
            Fetch(names, output, arguments.InvocationConfiguration.Error, cancellation);
        }
        else
        {
            List(output);
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Fetch(string names, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        string[] wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        PretrainedModel[] models = wanted is ["all"] ? [.. PretrainedModels.All] : [.. wanted.Select(Known)];
        ModelCache cache = ModelCache.Default(error.WriteLine);
        foreach (PretrainedModel model in models)
        {
            output.WriteLine($"{model.Name}: {cache.Require(model, cancellation)}");
        }
    }

    private static PretrainedModel Known(string name) => PretrainedModels.Find(name)
        ?? throw new UserException($"There is no model {name} to fetch; known are {string.Join(", ", PretrainedModels.All.Select(model => model.Name))}.");

    private static void List(TextWriter output)
    {
        ModelCache cache = ModelCache.Default();
        foreach (PretrainedModel model in PretrainedModels.All)
        {
            output.WriteLine($"{model.Name,-14} {model.Title}");
            output.WriteLine($"{"",-14} backbone {model.Architecture}, {model.Numbers:N0} numbers, {model.Licence}");
            output.WriteLine($"{"",-14} from NuGet {model.Package.Id} {model.Package.Version}, {ByteSize.Format(model.Package.DownloadBytes)} to fetch, {ByteSize.Format(model.Bytes)} kept");
            output.WriteLine($"{"",-14} {(cache.Find(model) is { } folder ? $"here: {folder}" : $"not here yet; it comes when a recipe needs it, or with: unipt models --fetch {model.Name}")}");
        }

        foreach ((string name, string backbone, string title, string licence) in Bundled)
        {
            string file = Path.Combine(Checkout.Root ?? ".", "models", $"{name}.safetensors");
            output.WriteLine($"{name,-14} {title}");
            output.WriteLine($"{"",-14} backbone {backbone}, {licence}, comes with the project's source");
            output.WriteLine($"{"",-14} {(File.Exists(file) ? $"here: {file} ({ByteSize.Format(new FileInfo(file).Length)})" : "not here")}");
        }
    }

    private static readonly (string Name, string Backbone, string Title, string Licence)[] Bundled =
    [
        ("mobilenet_v2", "mobilenet_v2", "MobileNetV2 of width 1.0, trained further for picture safety", "MIT"),
        ("use_lite", "use_lite", "Universal Sentence Encoder Lite, English", "Apache-2.0"),
    ];
}
