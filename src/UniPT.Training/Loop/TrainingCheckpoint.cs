using System.Globalization;
using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>A run's state on disk: weights, optimizer and position in one safetensors file.</summary>
internal static class TrainingCheckpoint
{
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
            ["format"] = "unipt-checkpoint-1",
            ["epoch"] = Text(position.Epoch),
            ["step_in_epoch"] = Text(position.StepInEpoch),
            ["step"] = Text(position.Step),
            ["best_score"] = position.BestScore?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            ["best_epoch"] = Text(position.BestEpoch),
        });
    }

    /// <exception cref="UserException">The file is broken, is no checkpoint or belongs to another recipe.</exception>
    internal static TrainingPosition Load(string path, TrainingTask task, AdamW optimizer)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        TrainingPosition position = ReadPosition(file);
        IReadOnlyDictionary<string, Tensor> own = task.State;
        IReadOnlyDictionary<string, Tensor> saved = Part(file, Model);
        StateCheck.Same(own, saved, path);
        foreach ((string name, Tensor tensor) in own)
        {
            tensor.copy_(saved[name]);
        }

        optimizer.LoadState(Part(file, Optimizer), path);
        return position;
    }

    private static Dictionary<string, Tensor> Part(SafetensorsFile file, string prefix) => file.Entries.Keys
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[prefix.Length..], file.Read, StringComparer.Ordinal);

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
