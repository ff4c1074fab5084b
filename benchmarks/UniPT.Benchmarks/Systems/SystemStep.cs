using System.Globalization;
using System.Text.Json.Nodes;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Planning;

namespace UniPT.Benchmarks.Systems;

/// <summary>A training step of a published system: tensor bytes by cause as planned from two small batches and as measured, the process's peak, seconds.</summary>
internal static class SystemStep
{
    private const string Usage = "Say: system NAME METHOD BATCH|auto|auto:GIB [float32|bfloat16]";

    // What the system and the pages of the program itself need besides.
    private const double ShareOfMemory = 0.85;

    private static readonly Dictionary<string, Func<string, ScalarType, PublishedSystem>> Systems = new()
    {
        ["vse"] = (method, precision) => new VseSystem(method, precision),
        ["clip4clip"] = (method, precision) => new Clip4ClipSystem(method, precision),
        ["clip_vil"] = (method, precision) => new ClipVilSystem(method, precision),
        ["t5"] = (method, precision) => new T5System(method, precision),
        ["mdetr"] = (method, precision) => new MdetrSystem(method, precision),
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
        int? given = int.TryParse(batchText, CultureInfo.InvariantCulture, out int number) ? number : null;
        MemoryPlan plan = system.Plan(system.PublishedBatch, given is { } size ? MemoryPlanner.ProbeBatches(size) : (1, 2));
        int batch = given ?? plan.LargestBatch(Room(batchText)) ?? throw new InvalidOperationException("tensors are not measured here");
        StepProbe measured = system.Probe(batch, steps: 2, early: false);
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

    /// <summary>Bytes that a step may take: of all memory, or as many GiB as stand behind "auto:".</summary>
    private static long Room(string batch) => batch.Split(':') is [_, var limit]
        ? long.Parse(limit, CultureInfo.InvariantCulture) << 30
        : (long)(ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>What `peers/vse_step.py` measures of the published formulation.</summary>
    internal static JsonObject Vse(ScalarType precision)
    {
        const int Batch = 8;
        TorchRuntime.ManualSeed(0);
        using DisposeScope scope = torch.NewDisposeScope();
        using var system = new VseSystem("unipt", precision);
        StepProbe measured = system.Probe(Batch, steps: 3, early: false);
        return new JsonObject
        {
            ["benchmark"] = "VSE training step",
            ["precision"] = precision == ScalarType.BFloat16 ? "bfloat16" : "float32",
            ["batch"] = Batch,
            ["parameters"] = system.TrainableParameters,
            ["peak_bytes"] = Beyond(measured.Step, system),
            ["seconds"] = measured.Seconds,
        };
    }

    /// <summary>The peak of tensor bytes less all weights.</summary>
    private static long Beyond(StepMemory step, PublishedSystem system) => (step.Peak ?? 0) - system.WeightBytes;
}
