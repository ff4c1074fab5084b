using System.Globalization;
using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>A run's state on disk: weights, optimizer and position in one safetensors file.</summary>
internal static class TrainingCheckpoint
{
    private const string Format = "unipt-checkpoint-2";
    private const string FormatOfLibtorch1 = "unipt-checkpoint-1";
    private const string FormatKey = "format";
    private const string LibtorchKey = "libtorch";
    private const string Model = "model.";
    private const string Optimizer = "optimizer.";

    internal static void Save(string path, TrainingTask task, AdamW optimizer, TrainingPosition position)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in task.State)
        {
            tensors.Add(Model + name, tensor);
        }

        foreach ((string name, Tensor tensor) in optimizer.State())
        {
            tensors.Add(Optimizer + name, tensor);
        }

        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [LibtorchKey] = TorchRuntime.Version,
            ["epoch"] = Text(position.Epoch),
            ["step_in_epoch"] = Text(position.StepInEpoch),
            ["step"] = Text(position.Step),
            ["best_score"] = position.BestScore?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            ["best_epoch"] = Text(position.BestEpoch),
        });
    }

    /// <summary>Checks that a run can go on from a checkpoint to the same bits, before anything is loaded for it.</summary>
    /// <exception cref="UserException">The file is broken, is no checkpoint, or another libtorch computed what it holds.</exception>
    internal static void Require(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(file);
    }

    /// <exception cref="UserException">The file is broken, is no checkpoint that can be continued, or belongs to another recipe.</exception>
    internal static TrainingPosition Load(string path, TrainingTask task, AdamW optimizer)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(file);
        TrainingPosition position = ReadPosition(file);
        StateCheck.CopyInto(task.State, Part(file, Model), path);
        optimizer.LoadState(Part(file, Optimizer), path);
        return position;
    }

    private static Dictionary<string, Tensor> Part(SafetensorsFile file, string prefix) => file.Entries.Keys
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[prefix.Length..], file.Read, StringComparer.Ordinal);

    private static void Require(SafetensorsFile file)
    {
        string format = file.Metadata.GetValueOrDefault(FormatKey, "");
        string? engine = format switch
        {
            FormatOfLibtorch1 => "an earlier version of unipt, whose engine was libtorch 1.13",
            Format when file.Metadata.GetValueOrDefault(LibtorchKey, "unknown") is var version && version != TorchRuntime.Version => $"libtorch {version}",
            _ => null,
        };
        if (engine is not null)
        {
            throw new UserException(
                $"{file.Path} was written by {engine}, and libtorch {TorchRuntime.Version} cannot continue it to the same bits; start a new run with --out, or finish this one where it began.");
        }

        if (format != Format)
        {
            throw new UserException($"{file.Path} is not a checkpoint of a run: its format is {(format.Length == 0 ? "not given" : format)}, expected {Format}.");
        }
    }

    private static TrainingPosition ReadPosition(SafetensorsFile file)
    {
        try
        {
            string best = file.Metadata["best_score"];
            return new TrainingPosition(
                int.Parse(file.Metadata["epoch"], CultureInfo.InvariantCulture),
                int.Parse(file.Metadata["step_in_epoch"], CultureInfo.InvariantCulture),
                long.Parse(file.Metadata["step"], CultureInfo.InvariantCulture),
                best.Length == 0 ? null : double.Parse(best, CultureInfo.InvariantCulture),
                int.Parse(file.Metadata["best_epoch"], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new UserException($"{file.Path} is not a checkpoint of a run: its metadata does not say where the run was.", error);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
