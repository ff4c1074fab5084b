using System.CommandLine;
using UniPT.Backbones;
using UniPT.Backbones.Pretrained;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Merging;
using UniPT.Torch;
using UniPT.Tuning.Lora;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt merge</c>: writes backbones' weights with an adapter's LoRA in them, or takes it out of such a file again.</summary>
internal sealed class MergeCommand : Verb
{
    private readonly Argument<string> _adapter = new("adapter")
    {
        Description = "A folder that training with lora made, a run's folder, or an adapter that Hugging Face's PEFT wrote with LoRA.",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The safetensors file to write; a folder where an adapter has backbones in several files.",
        HelpName = "path",
        Required = true,
    };

    private readonly Option<string?> _undo = new("--undo") { Description = "Takes the LoRA out of this merged file; to the bit if the original weights are at hand.", HelpName = "file" };
    private readonly Option<string?> _backbone = new("--backbone") { Description = "Of an adapter with several backbones only this one: image or text.", HelpName = "name" };
    private readonly Option<string?> _weights = new("--weights") { Description = "The weights that an adapter of PEFT was trained on, or for --undo the original ones.", HelpName = "file" };
    private readonly Option<string?> _architecture = new("--architecture")
    {
        Description = "What the weights of an adapter of PEFT are: bert, roberta, t5, clip_text, clip_vit, or clip_text,clip_vit for both towers.",
        HelpName = "names",
    };

    private readonly Option<string?> _models = SharedOptions.Models();

    internal MergeCommand() : base("merge", "Writes backbones' weights with an adapter's LoRA merged into them, or takes it out again.")
    {
        Add(_adapter);
        Add(_out);
        Add(_undo);
        Add(_backbone);
        Add(_weights);
        Add(_architecture);
        Add(_models);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt merge runs/emoji-lora --out merged",
        "unipt merge runs/emoji-lora --backbone image --out resnet18-emoji.safetensors",
        "unipt merge runs/emoji-lora --undo resnet18-emoji.safetensors --out resnet18.safetensors",
        "unipt merge peft-adapter --weights bert/model.safetensors --architecture bert --out merged/model.safetensors",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TorchRuntime.Threads = TorchRuntime.DefaultThreads;
        string folder = AdapterPath.Of(arguments.GetValue(_adapter)!);
        (string output, TextWriter console) = (arguments.GetValue(_out)!, arguments.InvocationConfiguration.Output);
        bool peft = PeftConfig.Recognises(TextFile.Read(Path.Combine(folder, "adapter_config.json"), "an adapter's configuration"));
        (string? backbone, string? models, string? undo) = (arguments.GetValue(_backbone), arguments.GetValue(_models), arguments.GetValue(_undo));
        (string? architecture, string? weights) = (arguments.GetValue(_architecture), arguments.GetValue(_weights));
        string? surplus = peft
            ? backbone is not null ? _backbone.Name : models is not null ? _models.Name : null
            : architecture is not null ? _architecture.Name : weights is not null && undo is null ? _weights.Name : null;
        if (surplus is not null)
        {
            throw new UserException(peft
                ? $"{folder} is an adapter of PEFT: --architecture and --weights say what it belongs to, {surplus} is not for it."
                : $"{folder} says itself what its backbones are, and --models where else they may be; {surplus} is not for it.");
        }

        LoraAdapter adapter = (peft ? LoraAdapter.OfPeft(folder, architecture, weights) : LoraAdapter.OfTraining(folder, models)).Only(backbone);
        if (undo is not null)
        {
            Undo(adapter, undo, output, weights, console);
        }
        else
        {
            Merge(adapter, output, console, cancellation);
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Merge(LoraAdapter adapter, string output, TextWriter console, CancellationToken cancellation)
    {
        ILookup<string, LoraPart> files = adapter.Parts.ToLookup(part => Path.GetFullPath(part.Weights(required: true)!));
        Dictionary<string, string> outputs = Outputs(adapter, files, output);
        foreach (string file in outputs.Values)
        {
            MergedWeights.RequireNew(file);
            AtomicFile.RequireWritable(file);
        }

        // All of them before the first is written.
        foreach (IGrouping<string, LoraPart> parts in files)
        {
            parts.ToList().ForEach(part => part.RequireWeights(parts.Key));
        }

        foreach (IGrouping<string, LoraPart> parts in files)
        {
            cancellation.ThrowIfCancellationRequested();
            using OpenedLora opened = OpenedLora.Of(adapter, parts, parts.Key);
            MergedWeights.Write(parts.Key, outputs[parts.Key], adapter.ModelFile, opened.Updates);
            string where = string.Join(" and ", parts.Select(part => part.Name is { } name ? $"backbones.{name}.weights" : $"weights of a {part.Architecture}"));
            console.WriteLine($"{outputs[parts.Key]}: {parts.First().Weights(required: true)} with LoRA of {opened.Updates.Sum(update => update.Count)} linear maps merged; for {where} in a recipe.");
            if (opened.Heads is { Length: > 0 } heads)
            {
                console.WriteLine($"A head's tensors are not in it, they stay in the adapter: {string.Join(", ", heads)}.");
            }
        }
    }

    private static void Undo(LoraAdapter adapter, string merged, string output, string? weights, TextWriter console)
    {
        MergedWeights.Origin origin = MergedWeights.OriginOf(merged);
        LoraPart[] parts = [.. adapter.Parts.Where(part => origin.Backbones.Contains(part.Architecture) && (part.Fingerprint ?? origin.Original) == origin.Original)];
        if (parts.Length == 0)
        {
            throw new UserException(
                $"{merged} was not made of a backbone of {adapter.Folder}: it was made of a {string.Join(" and ", origin.Backbones)} with the fingerprint {FileHash.Shorten(origin.Original)}….");
        }

        string? original = weights is not null ? PretrainedModels.WeightsOf(weights) : parts[0].Weights(required: false);
        if (original is not null && (weights is not null || BackboneFingerprint.Of(original) == origin.Original))
        {
            MergedWeights.Restore(merged, output, adapter.ModelFile, original);
            console.WriteLine($"{output}: the original weights, to the bit, as {original} has them.");
            return;
        }

        using OpenedLora opened = OpenedLora.Of(adapter, parts, merged);
        bool exact = MergedWeights.Undo(merged, output, adapter.ModelFile, opened.Updates);
        console.WriteLine($"{output}: {merged} with LoRA taken out, {(exact ? "the original weights to the bit" : "the original weights but for rounding; with those at hand (--weights) it would be to the bit")}.");
    }

    /// <summary>Where the weights of each file go: one file, or one in a folder for each backbone.</summary>
    private static Dictionary<string, string> Outputs(LoraAdapter adapter, ILookup<string, LoraPart> files, string output)
    {
        if (files.Count == 1)
        {
            return Directory.Exists(output)
                ? throw new UserException($"{output} is a folder; one file is written, give its path for --out.")
                : files.ToDictionary(parts => parts.Key, _ => output);
        }

        return File.Exists(output) || Path.GetExtension(output) == ".safetensors"
            ? throw new UserException($"{adapter.Folder} changes backbones in {files.Count} files, so --out must be a folder, {output} is none; or choose one with --backbone {string.Join(" or ", adapter.Parts.Select(part => part.Name))}.")
            : files.ToDictionary(parts => parts.Key, parts => Path.Combine(output, $"{parts.First().Name}.safetensors"));
    }
}
