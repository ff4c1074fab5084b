using System.CommandLine;
using System.Globalization;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt predict</c>: answers an input, or a whole split for a benchmark's server.</summary>
internal sealed class PredictCommand : Verb
{
    private readonly Argument<string> _adapter = SharedOptions.Adapter();
    private readonly Dictionary<string, Option<string?>> _parts = new()
    {
        [PredictionParts.Picture] = new("--picture") { Description = "A picture to ask about.", HelpName = "file" },
        [PredictionParts.Text] = new("--text") { Description = "A text: a question, what to find, or what to label.", HelpName = "text" },
        [PredictionParts.SecondText] = new("--second-text") { Description = "The second of two texts.", HelpName = "text" },
        [PredictionParts.Sound] = new("--sound") { Description = "A recording to label.", HelpName = "file" },
    };

    private readonly Option<int> _top = new WholeNumberOption("--top", "How many answers to show.", 3, 1, 10_000);
    private readonly Option<string?> _draw = new OutputFileOption("--draw", "Writes the picture with what was found drawn into it, a PNG.");
    private readonly Option<string?> _submission = new OutputFileOption("--submission", "Instead of an input, answers a whole split, in the file that the benchmark's server takes.");
    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string> _split = SharedOptions.Split();
    private readonly Option<string?> _models = SharedOptions.Models();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = new OutputFileOption("--json", "Writes the answers to this file as JSON.");

    internal PredictCommand() : base("predict", "Answers a question, finds a box, labels a text, ranks what fits; or writes a benchmark's submission file.")
    {
        Add(_adapter);
        foreach (string part in PredictionParts.All)
        {
            Add(_parts[part]);
        }

        Add(_top);
        Add(_draw);
        Add(_submission);
        Add(_data);
        Add(_split);
        Add(_models);
        Add(_device);
        Add(_skipBad);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt predict runs/texts-unipt --text \"a warm and clever film\"",
        "unipt predict runs/vqa-unipt --picture street.jpg --text \"What color is the car?\"",
        "unipt predict runs/refcoco-unipt --picture street.jpg --text \"the car on the left\" --draw found.png",
        "unipt predict runs/vqa-unipt --split test --submission answers.json",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        Dictionary<string, string> parts = PredictionParts.All
            .Select(part => (part, Value: arguments.GetValue(_parts[part])))
            .Where(given => given.Value is not null)
            .ToDictionary(given => given.part, given => given.Value!);
        string? submission = arguments.GetValue(_submission);
        if (submission is not null && (parts.Count > 0 || arguments.GetValue(_draw) is not null))
        {
            throw new UserException("A submission answers a whole split; give either --submission or an input, and not both.");
        }

        TorchRuntime.Threads = TorchRuntime.DefaultThreads;
        string folder = AdapterPath.Of(arguments.GetValue(_adapter)!);
        TextWriter error = arguments.InvocationConfiguration.Error;
        RecipeNotices.WriteOf(error, arguments.GetValue(_device), [folder], cancellation);
        using var predictor = Predictor.Load(folder, arguments.GetValue(_models), arguments.GetValue(_device));
        (string? data, string split, bool skipBad) = (arguments.GetValue(_data), arguments.GetValue(_split)!, arguments.GetValue(_skipBad));
        if (submission is not null)
        {
            int examples = predictor.WriteSubmission(submission, data, split, skipBad, error.WriteLine, cancellation);
            arguments.InvocationConfiguration.Output.WriteLine($"Wrote predictions for the {examples.ToString("N0", CultureInfo.InvariantCulture)} examples of {split} to {submission}");
            return Task.FromResult(ExitCode.Ok);
        }

        PredictionResult result = predictor.Predict(parts, arguments.GetValue(_top), data, split, skipBad, error.WriteLine);
        foreach (Prediction prediction in result.Best)
        {
            string score = prediction.Score is { } known ? known.ToString("f3", CultureInfo.InvariantCulture).PadLeft(6) : "      ";
            arguments.InvocationConfiguration.Output.WriteLine($"{score}  {PrintableText.Of(prediction.Text)}");
        }

        if (arguments.GetValue(_draw) is { } file)
        {
            byte[] drawn = result.Drawn ?? throw new UserException("This task draws nothing; --draw is for tasks that find something in a picture.");
            AtomicFile.Write(file, stream => stream.Write(drawn));
        }

        FiguresFile.Write(arguments.GetValue(_json), result.Best);
        return Task.FromResult(ExitCode.Ok);
    }
}
