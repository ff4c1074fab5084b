using System.Text.Json;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>
/// One recorded case: <c>input.*</c>, <c>param.*</c>, <c>buffer.*</c>, <c>output.*</c>, <c>output_grad.*</c>,
/// <c>grad.*</c>, <c>grad_input.*</c> and <c>after.buffer.*</c> in a safetensors file, or lines of JSON.
/// </summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly Dictionary<string, Tensor> _inputs = [];
    private readonly SafetensorsFile? _tensors;

    private GoldenFile(string path, SafetensorsFile? tensors)
    {
        (Path, _tensors) = (path, tensors);
        Config = Json("config");
        Tolerances = new Tolerances(Json("fp32_vs_fp64"), Json("noise_only"), () => Names("grad.").Select(name => Largest(Read($"grad.{name}"))).DefaultIfEmpty(0).Max());
    }

    public string Path { get; }

    /// <summary>The metadata's case, else the file's name without its ending.</summary>
    public string Case => _tensors?.Metadata.GetValueOrDefault("case") ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Whether the file says itself which case it is.</summary>
    public bool NamesItsCase => _tensors?.Metadata.ContainsKey("case") ?? false;

    /// <summary>Everything needed to build the module; undefined where the file has none.</summary>
    public JsonElement Config { get; }

    /// <summary>How far each tensor may be off.</summary>
    public Tolerances Tolerances { get; }

    private SafetensorsFile Tensors => _tensors ?? throw new InvalidOperationException($"{Path} holds no tensors");

    public static GoldenFile Open(string path) => new(path, path.EndsWith(".jsonl") ? null : SafetensorsFile.Open(path));

    public bool Has(string name) => Tensors.Entries.ContainsKey(name);

    /// <summary>A tensor by its full name, as stored.</summary>
    public Tensor Read(string name) => Tensors.Read(name);

    /// <summary>What follows the prefix in the names that start with it.</summary>
    public IReadOnlyList<string> Names(string prefix) =>
        [.. Tensors.Entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])];

    /// <summary><c>input.NAME</c>, the same tensor each time, recorded where the file has its gradient.</summary>
    public Tensor Input(string name)
    {
        if (!_inputs.TryGetValue(name, out Tensor? input))
        {
            input = Read($"input.{name}");
            input.requires_grad = Has($"grad_input.{name}");
            _inputs.Add(name, input);
        }

        return input;
    }

    /// <summary>The names here of <c>param.*</c> and <c>buffer.*</c>, and where they stand in the file.</summary>
    /// <param name="names">The names here, from the reference's; null for those that are left out.</param>
    public IEnumerable<(string Name, string Place)> State(Func<string, string?> names) => new[] { "param.", "buffer." }
        .SelectMany(prefix => Names(prefix).Select(name => (Name: names(name)!, Place: prefix + name)))
        .Where(pair => pair.Name is not null && !pair.Name.EndsWith("num_batches_tracked"));

    /// <summary><c>param.*</c> and <c>buffer.*</c> as trainable weights, in the config's mode.</summary>
    /// <param name="names">Their names here, from the reference's; null for those that are left out.</param>
    public Weights OpenWeights(Func<string, string?> names)
    {
        Dictionary<string, Tensor> state = State(names).ToDictionary(pair => pair.Name, pair => Read(pair.Place));
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("state.safetensors"), state);
        Weights weights = Weights.Open(folder.File("state.safetensors"), trainable: true);
        weights.Store.train(Config.TryGetProperty("mode", out JsonElement mode) && mode.GetString() == "train");
        return weights;
    }

    public void Dispose() => _tensors?.Dispose();

    private static double Largest(Tensor tensor) => tensor.numel() == 0 ? 0 : tensor.abs().max().Item();

    private JsonElement Json(string key) => _tensors?.Metadata.GetValueOrDefault(key) is { } text ? JsonDocument.Parse(text).RootElement : default;
}
