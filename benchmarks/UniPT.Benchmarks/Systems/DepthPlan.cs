using System.Globalization;
using System.Text.Json.Nodes;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Planning;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// What a training step of a T5 holds that does not fit here: weights counted on the meta device, activations drawn through networks of 2 and 3 blocks at the true width.
/// T5-base, which fits, shows how well that is.
/// </summary>
internal static class DepthPlan
{
    private const string Usage = "Say: depth t5-base|t5-3b METHOD BATCH";
    private const int Shallow = 2;
    private const int Deeper = 3;
    private const int MostExamples = 48;

    internal static JsonObject Run(string[] args)
    {
        if (args is not [("t5-base" or "t5-3b") and var size, { } method, { } batchText])
        {
            throw new ArgumentException(Usage);
        }

        TorchRuntime.ManualSeed(0);
        T5Config config = size == "t5-base" ? T5Config.Base : T5Config.ThreeB;
        int batch = int.Parse(batchText, CultureInfo.InvariantCulture);
        using DisposeScope scope = torch.NewDisposeScope();
        using var whole = T5System.OfDepth(method, config, config.Layers, new Device(DeviceType.META));
        var counted = new StepMemory(whole.WeightBytes, 0, whole.TrainedBytes, 2 * whole.TrainedBytes);
        MemoryPlan plan = MemoryPlan.OfDepth(
            config.Layers, whole.TrainableParameters, counted, (Shallow, Of(method, config, Shallow, batch)), (Deeper, Of(method, config, Deeper, batch)));
        StepMemory step = plan.At(batch);
        return new JsonObject
        {
            ["benchmark"] = "a training step planned from shapes and few layers",
            ["system"] = size,
            ["method"] = method,
            ["batch"] = batch,
            ["example"] = whole.Example,
            ["trainable_parameters"] = whole.TrainableParameters,
            ["weight_bytes"] = step.Weights,
            ["activation_bytes"] = step.Activations,
            ["gradient_bytes"] = step.Gradients,
            ["optimizer_bytes"] = step.Optimizer,
            ["beyond_weights"] = step.Peak - step.Weights,
        };
    }

    /// <summary>Lines through as many examples as show how a frozen network takes them in parts.</summary>
    private static MemoryPlan Of(string method, T5Config config, int layers, int batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var system = T5System.OfDepth(method, config, layers);
        return system.Plan(batch, MemoryPlanner.ProbeBatches(Math.Min(batch, MostExamples)));
    }
}
