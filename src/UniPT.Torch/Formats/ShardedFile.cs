using System.Text.Json;

namespace UniPT.Torch;

/// <summary>
/// Weights that Hugging Face's libraries split over several files: an index, <c>*.index.json</c>, whose <c>weight_map</c> says which file beside it has
/// which tensor.
/// </summary>
internal sealed class ShardedFile : TensorFile
{
    private const int LongestIndex = 100_000_000;
    private readonly List<TensorFile> _shards = [];
    private readonly Dictionary<string, TensorFile> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);

    private ShardedFile(string path) => Path = path;

    public override string Path { get; }

    public override string Format => $"the index of {_shards.Count} files, each {_shards[0].Format}";

    public override IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    internal override IReadOnlyList<string> Files => [Path, .. _shards.SelectMany(shard => shard.Files)];

    /// <summary>Whether a file begins as JSON and is named as an index, or says that it is one.</summary>
    internal static bool IsIndex(string path, ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.TrimStart(" \r\n\t\u00EF\u00BB\u00BF"u8);
        return text.StartsWith("{"u8) && (path.EndsWith(".index.json", StringComparison.Ordinal) || text.IndexOf("\"weight_map\""u8) >= 0);
    }

    /// <exception cref="UserException">The index is broken, names a file elsewhere, or tells something else than the files.</exception>
    internal static new ShardedFile Open(string path)
    {
        var file = new ShardedFile(path);
        try
        {
            foreach (IGrouping<string, string> shard in Map(path).GroupBy(pair => pair.Value, pair => pair.Key))
            {
                file.Add(shard.Key, [.. shard]);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override Tensor Read(string name) => _places.TryGetValue(name, out TensorFile? shard)
        ? shard.Read(name)
        : throw new UserException($"{Path} has no tensor {name}.");

    public override void Dispose() => _shards.ForEach(shard => shard.Dispose());

    private void Add(string name, string[] tensors)
    {
        TensorFile shard = OpenFile(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? "", name), null, out _);
        _shards.Add(shard);
        string[] missing = [.. tensors.Except(shard.Entries.Keys)];
        string[] unnamed = [.. shard.Entries.Keys.Except(tensors)];
        if (missing.Length + unnamed.Length > 0)
        {
            throw new UserException(missing.Length > 0
                ? $"{Path} says that {name} has {StateCheck.List(missing)}, and it has not."
                : $"{Path} does not name {StateCheck.List(unnamed)} that {name} has.");
        }

        foreach (string tensor in tensors)
        {
            _places[tensor] = shard;
            _entries[tensor] = shard.Entries[tensor];
        }
    }

    private static Dictionary<string, string> Map(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(TextFile.Read(path, "the index of weights in several files", LongestIndex), new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement map = json.RootElement.GetProperty("weight_map");
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty pair in map.EnumerateObject())
            {
                string file = pair.Value.GetString()!;
                if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny("/\\\0:") >= 0)
                {
                    throw new UserException($"{path} names {PrintableText.Of(file)} for {PrintableText.Of(pair.Name)}; expected a file beside it.");
                }

                if (!files.TryAdd(pair.Name, file))
                {
                    throw new UserException($"{path} names the tensor {PrintableText.Of(pair.Name)} twice.");
                }
            }

            return files.Count > 0 ? files : throw new UserException($"{path} names no tensors.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException or NullReferenceException)
        {
            throw new UserException($"{path} is not the index of weights in several files: expected JSON with a weight_map of tensors to files.", error);
        }
    }
}
