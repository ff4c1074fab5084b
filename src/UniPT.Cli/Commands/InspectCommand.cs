using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Inspection;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt inspect</c>: says what a file or folder is and what is in it.</summary>
internal sealed class InspectCommand : Verb
{
    private readonly Argument<string> _path = new("path") { Description = "A checkpoint (safetensors, PyTorch, a folder, file#part, hf:organisation/name), an ONNX file, a picture, a recipe, an adapter, a run or a data set." };

    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();

    internal InspectCommand() : base("inspect", "Says what a file or folder is and what is in it.")
    {
        Add(_path);
        Add(_skipBad);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt inspect models/mobilenet_v2.safetensors",
        "unipt inspect runs/emoji-unipt/adapter",
        "unipt inspect data/emoji-noto.zip",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        Inspector.Inspect(arguments.GetValue(_path)!, arguments.GetValue(_skipBad), arguments.InvocationConfiguration.Output);
        return Task.FromResult(ExitCode.Ok);
    }
}
