using System.Globalization;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>
/// What training changes: the task's weights, the optimizer's state and, where it is asked for, the weights' average. A checkpoint keeps
/// it in one safetensors file, with the position as metadata.
/// </summary>
/// <param name="task">Stays the caller's.</param>
/// <param name="optimizer">Belongs to this.</param>
/// <param name="average">Belongs to this; null for none.</param>
internal sealed class RunState(TrainingTask task, NamedOptimizer optimizer, ExponentialMovingAverage? average = null) : IDisposable
{
    private const string Format = "unipt-checkpoint-2";
    private const string FormatOfLibtorch1 = "unipt-checkpoint-1";
    private const string FormatKey = "format";
    private const string LibtorchKey = "libtorch";
    private const string Model = "model.";
    private const string OptimizerState = "optimizer.";
    private const string AverageState = "average.";

    /// <summary>Changes the weights.</summary>
    internal NamedOptimizer Optimizer { get; } = optimizer;

    /// <summary>Follows the weights; null where evaluations take the weights themselves.</summary>
    internal ExponentialMovingAverage? Average { get; } = average;

    /// <summary>Bytes of what is kept beside the weights.</summary>
    internal long ByteCount => Optimizer.ByteCount + (Average?.ByteCount ?? 0);

    /// <summary>That of a task that begins, as a recipe wants it trained.</summary>
    /// <exception cref="UserException">One of the recipe's groups has no weight.</exception>
    internal static RunState Create(TrainingTask task, TrainOptions options)
    {
        NamedOptimizer optimizer = Optimizers.Create(options, WeightGroups.Apply(task.ParameterGroups, options.Groups));
        try
        {
            return new RunState(task, optimizer, options.EmaDecay > 0 ? new ExponentialMovingAverage(task.State, options.EmaDecay) : null);
        }
        catch
        {
            optimizer.Dispose();
            throw;
        }
    }

    /// <summary>Writes a checkpoint.</summary>
    internal void Save(string path, TrainingPosition position)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        Add(Model, task.State);
        Add(OptimizerState, Optimizer.State());
        if (Average is not null)
        {
            Add(AverageState, Average.State());
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
            ["evaluated_step"] = Text(position.EvaluatedStep),
            ["without_better"] = Text(position.WithoutBetter),
        });

        void Add(string prefix, IReadOnlyDictionary<string, Tensor> part)
        {
            foreach ((string name, Tensor tensor) in part)
            {
                tensors.Add(prefix + name, tensor);
            }
        }
    }

    /// <summary>Checks that a run can go on from a checkpoint to the same bits, before anything is loaded for it.</summary>
    /// <exception cref="UserException">The file is broken, is no checkpoint, or another libtorch computed what it holds.</exception>
    internal static void Require(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(file);
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="UserException">The file is broken, is no checkpoint that can be continued, or belongs to another recipe.</exception>
    internal TrainingPosition Load(string path)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(file);
        TrainingPosition position = ReadPosition(file);
        StateCheck.CopyInto(task.State, Part(file, Model), path);
        Optimizer.LoadState(Part(file, OptimizerState), path);
        Average?.LoadState(Part(file, AverageState), path);
        return position;
    }

    /// <summary>Frees the optimizer and the average.</summary>
    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
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
                int.Parse(file.Metadata["best_epoch"], CultureInfo.InvariantCulture),

                // Absent from checkpoints of versions that evaluated after epochs only and never stopped early.
                long.Parse(file.Metadata.GetValueOrDefault("evaluated_step", "0"), CultureInfo.InvariantCulture),
                int.Parse(file.Metadata.GetValueOrDefault("without_better", "0"), CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new UserException($"{file.Path} is not a checkpoint of a run: its metadata does not say where the run was.", error);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
