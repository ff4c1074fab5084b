using System.Globalization;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Training.Adapters;

/// <summary>
/// What fixed inputs gave when the adapter was saved: one that is loaded must give it again.
/// </summary>
internal static class AdapterProbe
{
    /// <summary>What every probe's name starts with, as no weight's does.</summary>
    internal const string Prefix = "probe.";

    /// <summary>What the model gives now, in the current scope.</summary>
    internal static IReadOnlyDictionary<string, Tensor> Compute(TaskModel model)
    {
        string[] names = [];
        IReadOnlyList<Tensor> found = Inference.Run(() =>
        {
            IReadOnlyDictionary<string, Tensor> probe = model.Probe();
            names = [.. probe.Keys];
            return (IReadOnlyList<Tensor>)[.. probe.Values];
        });
        return names.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <exception cref="UserException">Something differs from what was saved by more than the precision explains, or is missing.</exception>
    internal static void Check(TaskModel model, IReadOnlyDictionary<string, Tensor> saved, Precision precision, string folder, string file)
    {
        double tolerance = ProbeTolerance.Of(precision.Type());
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string key, Tensor now) in Compute(model))
        {
            Tensor before = saved.GetValueOrDefault(key) ?? throw new UserException($"{file} has no tensor {key}.");
            double difference = before.shape.AsSpan().SequenceEqual(now.shape) ? (now.to(CPU) - before).abs().max().Item() : double.PositiveInfinity;
            if (!(difference <= tolerance))
            {
                throw new UserException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The adapter {folder} does not give its {key} output again (it differs by {difference:g2}): the preprocessing or the backbone is not the one it was saved with."));
            }
        }
    }
}
