using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using UniPT.Benchmarks;
using UniPT.Benchmarks.Systems;
using UniPT.Torch;

// Prints one line of JSON, as the PyTorch peers do.
Dictionary<string, Func<JsonObject>> benchmarks = new()
{
    ["adapter-set"] = AdapterSets.Shared,
    ["separate-models"] = AdapterSets.Separate,
    ["clip4clip-step"] = () => Clip4ClipStep.Run(ScalarType.Float32, new Clip4ClipSizes()),
    ["clip4clip-step-bf16"] = () => Clip4ClipStep.Run(ScalarType.BFloat16, new Clip4ClipSizes()),
    ["encoder-memory"] = EncoderMemory.Run,
    ["operators"] = OperatorCalls.Run,
    ["parallel-network"] = ParallelNetworks.Run,
    ["step"] = TrainingStep.Run,
    ["vse-step"] = () => SystemStep.Vse(ScalarType.Float32),
    ["vse-step-bf16"] = () => SystemStep.Vse(ScalarType.BFloat16),
};
if (args is ["system", .. string[] cell])
{
    benchmarks["system"] = () => SystemStep.Run(cell);
}

if (args is ["depth", .. string[] planned])
{
    benchmarks["depth"] = () => DepthPlan.Run(planned);
}

if (args is not [{ } name, ..] || !benchmarks.TryGetValue(name, out Func<JsonObject>? run))
{
    Console.Error.WriteLine($"Name one benchmark: {string.Join(", ", benchmarks.Keys.Union(["system", "depth"]))}.");
    return 2;
}

TensorMemory.Watch();
JsonObject result = run();
result["torch"] = TorchRuntime.Version;
result["blas"] = "MKL and oneDNN of the package";
result["dotnet"] = RuntimeInformation.FrameworkDescription;
result["threads"] = TorchRuntime.Threads;
Console.WriteLine(result.ToJsonString(JsonSerializerOptions.Default));
return 0;
