namespace UniPT.Torch;

/// <summary>Where weights are, as a user writes it: <c>file</c>, <c>folder</c> or <c>hf:organisation/name</c>, then <c>#part</c> or nothing.</summary>
/// <param name="Place">A file or folder.</param>
/// <param name="Entry">The part of the file; null for none.</param>
public readonly record struct WeightsPath(string Place, string? Entry)
{
    private static readonly string[] Usual = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];
    private static readonly string[] Endings = [".safetensors", ".pt", ".pth", ".bin"];

    /// <summary>The folder that a configuration or a vocabulary of these weights lies in.</summary>
    public string Folder => Directory.Exists(Place) ? Place : Path.GetDirectoryName(Path.GetFullPath(Place))!;

    /// <summary>Takes a text apart; a name in the hub cache becomes the folder there.</summary>
    /// <exception cref="UserException">The hub cache does not have that name.</exception>
    public static WeightsPath Parse(string text)
    {
        // A file may have a # in its own name.
        int at = Path.Exists(text) ? -1 : text.LastIndexOf('#');
        (string place, string? entry) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..].Trim('/'));
        return new WeightsPath(HubCache.IsName(place) ? HubCache.Snapshot(place) : place, entry is { Length: 0 } ? null : entry);
    }

    /// <summary>The text with another place.</summary>
    public string At(string place) => Entry is null ? place : $"{place}#{Entry}";

    /// <summary>The file: that of the usual name in a folder, or its only one.</summary>
    /// <exception cref="UserException">A folder has none, or several.</exception>
    internal string FindFile()
    {
        string place = Place;
        if (!Directory.Exists(place))
        {
            return place;
        }

        if (Usual.Select(name => Path.Combine(place, name)).FirstOrDefault(File.Exists) is { } usual)
        {
            return usual;
        }

        string[] files = [.. Directory.EnumerateFiles(place).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];
        return files.Length == 1
            ? files[0]
            : throw new UserException(files.Length == 0
                ? $"{place} is a folder without weights; expected {string.Join(" or ", Usual)} in it."
                : $"{place} is a folder with {files.Length} files of weights; name one of {string.Join(", ", files.Take(8).Select(Path.GetFileName))}.");
    }
}
