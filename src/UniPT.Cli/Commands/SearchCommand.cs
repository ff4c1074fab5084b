using System.CommandLine;
using UniPT.Backbones.Media;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports.Figures;
using UniPT.Tasks.Shared.Search;
using UniPT.Torch;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt search</c>: finds pictures or films by text or by picture.</summary>
internal sealed class SearchCommand : Verb
{
    private readonly Argument<string> _adapter = SharedOptions.Adapter();
    private readonly Argument<string?> _query = new("query") { Description = "What to look for.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _picture = new("--picture") { Description = "Looks for what is like this picture.", HelpName = "file" };
    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string> _split = SharedOptions.Split();
    private readonly Option<int> _top = new WholeNumberOption("--top", "How many to show.", 5, 1, 10_000);
    private readonly Option<string?> _html = new OutputFileOption("--html", "Writes a page with the pictures, of films with a frame of each.");
    private readonly Option<string?> _models = SharedOptions.Models();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();

    internal SearchCommand() : base("search", "Finds the pictures or films that fit a text, or a picture, best.")
    {
        Add(_adapter);
        Add(_query);
        Add(_picture);
        Add(_data);
        Add(_split);
        Add(_top);
        Add(_html);
        Add(_models);
        Add(_device);
        Add(_skipBad);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt search runs/emoji-unipt \"a red fruit\"",
        "unipt search runs/emoji-unipt --data my-pictures \"a dog on a sofa\" --top 20 --html found.html",
        "unipt search runs/emoji-unipt --picture photo.jpg",
        "unipt search runs/msrvtt-unipt \"a man slices an onion\"",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string? query = arguments.GetValue(_query);
        string? picture = arguments.GetValue(_picture);
        if ((query is null) == (picture is null))
        {
            throw new UserException("Search needs either a text or --picture with a file, and not both.");
        }

        RgbImage? image = picture is null ? null : ImageDecoder.Read(picture);
        TorchRuntime.Threads = TorchRuntime.DefaultThreads;
        string folder = AdapterPath.Of(arguments.GetValue(_adapter)!);
        RecipeNotices.WriteOf(arguments.InvocationConfiguration.Error, arguments.GetValue(_device), [folder], cancellation);
        using SearchIndex index = SearchIndex.Open(
            folder,
            arguments.GetValue(_data),
            arguments.GetValue(_split)!,
            arguments.GetValue(_models),
            arguments.GetValue(_device),
            arguments.GetValue(_skipBad),
            arguments.InvocationConfiguration.Error.WriteLine,
            cancellation);
        int top = arguments.GetValue(_top);
        IReadOnlyList<SearchHit> hits = image is null ? index.ByText(query!, top) : index.ByPicture(image, top);
        if (query is not null && index.CutNotice(query) is { } cut)
        {
            arguments.InvocationConfiguration.Error.WriteLine(cut);
        }

        foreach (SearchHit hit in hits)
        {
            arguments.InvocationConfiguration.Output.WriteLine($"{hit.Score,6:f3}  {PrintableText.Of(hit.Name)}  {PrintableText.Of(hit.Captions[0])}");
        }

        if (arguments.GetValue(_html) is { } file)
        {
            Picture? shown = picture is null ? null : Picture.Of(picture, File.ReadAllBytes(picture));
            ContactSheet.Write(file, "Search", arguments.GetValue(_adapter)!, [SearchResult.Of(index, query, shown, hits)]);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
