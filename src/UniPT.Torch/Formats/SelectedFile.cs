namespace UniPT.Torch;

/// <summary>Those tensors of a file whose names begin alike, without that beginning.</summary>
internal sealed class SelectedFile : TensorFile
{
    private readonly TensorFile _file;
    private readonly string _prefix;

    /// <summary>Takes the file over.</summary>
    /// <param name="file">The whole.</param>
    /// <param name="prefix">How the names begin.</param>
    /// <param name="shown">What the user named; empty for nothing.</param>
    /// <exception cref="UserException">No name begins so.</exception>
    internal SelectedFile(TensorFile file, string prefix, string shown)
    {
        (_file, _prefix) = (file, prefix);
        Entries = file.Entries.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value with { Name = pair.Key[prefix.Length..] }, StringComparer.Ordinal);
        string separator = File.Exists(file.Path) ? "#" : "/";
        Path = shown.Length > 0 ? $"{file.Path}{separator}{shown}" : file.Path;
        if (Entries.Count == 0)
        {
            string[] starts = [.. file.Entries.Keys.Select(name => name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal)];
            throw new UserException($"{file.Path} has no part {shown}: it has {StateCheck.List([.. file.Entries.Keys])}, whose names begin with {string.Join(", ", starts.Take(8))}{(starts.Length > 8 ? ", …" : "")}.");
        }
    }

    public override string Path { get; }

    public override string Format => _file.Format;

    public override IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    public override IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    public override bool IsWrapped => _prefix.StartsWith(WrapperPrefix, StringComparison.Ordinal);

    internal override IReadOnlyList<string> Files => _file.Files;

    public override Tensor Read(string name) => Entries.ContainsKey(name)
        ? _file.Read(_prefix + name)
        : throw new UserException($"{Path} has no tensor {name}.");

    public override void Dispose() => _file.Dispose();
}
