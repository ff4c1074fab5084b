using System.Globalization;
using System.Text.Json.Nodes;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;

namespace UniPT.Benchmarks.Systems;

/// <summary>A training step of a published system: tensor bytes by cause as planned from two small batches and as measured, the process's peak, seconds.</summary>
internal static class SystemStep
{
    private const string Usage = "Say: system NAME METHOD BATCH|auto [float32|bfloat16]";

    // What the system and the pages of the program itself need besides.
    private const double ShareOfMemory = 0.85;

    private static readonly Dictionary<string, Func<string, ScalarType, PublishedSystem>> Systems = new()
    {
        ["vse"] = (method, precision) => new VseSystem(method, precision),
        ["clip4clip"] = (method, precision) => new Clip4ClipSystem(method, precision),
    };

    internal static JsonObject Run(string[] args)
    {
        if (args is not [{ } name, { } method, { } batchText, ..] || !Systems.TryGetValue(name, out Func<string, ScalarType, PublishedSystem>? open))
        {
            throw new ArgumentException($"{Usage}; the systems are {string.Join(", ", Systems.Keys)}.");
        }

        TorchRuntime.ManualSeed(0);
        bool half = args.ElementAtOrDefault(3) == "bfloat16";
        using DisposeScope scope = torch.NewDisposeScope();
        using PublishedSystem system = open(method, half ? ScalarType.BFloat16 : ScalarType.Float32);
        var options = new TrainOptions { ClipNorm = 1 };
        (int few, int many) = system.Probes;
        StepProbe small = StepProbe.Take(system.Of(few), options, CPU);
        StepProbe large = StepProbe.Take(system.Of(many), options, CPU);
        MemoryPlan plan = MemoryPlan.Through(method, system.PublishedBatch, system.TrainableParameters, (few, small), (many, large));
        int batch = batchText == "auto"
            ? plan.LargestBatch((long)(ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)) ?? throw new InvalidOperationException("tensors are not measured here")
            : int.Parse(batchText, CultureInfo.InvariantCulture);
        StepProbe measured = StepProbe.Take(system.Of(batch), options, CPU, steps: 3);
        long beyond = Beyond(measured.Step, system);
        return new JsonObject
        {
            ["benchmark"] = "a training step of a published system",
            ["system"] = name,
            ["method"] = method,
            ["precision"] = half ? "bfloat16" : "float32",
            ["example"] = system.Example,
            ["batch"] = batch,
            ["trainable_parameters"] = system.TrainableParameters,
            ["weight_bytes"] = measured.Step.Weights,
            ["activation_bytes"] = measured.Step.Activations,
            ["gradient_bytes"] = measured.Step.Gradients,
            ["optimizer_bytes"] = measured.Step.Optimizer,
            ["beyond_weights"] = beyond,
            ["planned_beyond_weights"] = Beyond(plan.At(batch), system),
            ["published_batch"] = system.PublishedBatch,
            ["planned_published_beyond_weights"] = Beyond(plan.Step, system),
            ["process_peak"] = ProcessMemory.Peak,
            ["seconds"] = measured.Seconds,
        };
    }

    /// <summary>The peak of tensor bytes less all weights.</summary>
    private static long Beyond(StepMemory step, PublishedSystem system) => (step.Peak ?? 0) - system.WeightBytes;
}
