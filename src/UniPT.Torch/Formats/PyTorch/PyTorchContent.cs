using System.Numerics;

namespace UniPT.Torch;

/// <summary>What a file of PyTorch's holds, before a state in it is chosen.</summary>
/// <param name="Format">What the file is.</param>
/// <param name="Root">The value that was saved.</param>
/// <param name="Place">Where a storage's bytes stand in the file, and how many they are.</param>
/// <param name="Code">The code of a TorchScript archive; null for other files.</param>
internal sealed record PyTorchContent(string Format, object? Root, Func<PickledStorage, (long Offset, long Bytes)> Place, ScriptCode? Code)
{
    private const int MaxPickleBytes = 100_000_000;
    private const int MaxNoteBytes = 100;
    private const string Pickle = "data.pkl";
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A zip: <c>data.pkl</c>, and one entry a storage in <c>data/</c>, in a folder of any name.</summary>
    /// <exception cref="UserException">It is another zip, cut off or broken.</exception>
    internal static PyTorchContent OfZip(string path, FileMap map)
    {
        var zip = ZipDirectory.Read(path, map);
        string pickle = zip.Entries.Keys.Where(name => name == Pickle || name.EndsWith($"/{Pickle}", StringComparison.Ordinal)).MinBy(name => name.Length)
            ?? throw new UserException(
                $"{path} is {(zip.Entries.Keys.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)) ? "a file of NumPy arrays" : "a zip")} and no checkpoint of PyTorch, which has a {Pickle}; weights are read from those and from safetensors files.");
        string folder = pickle[..^Pickle.Length];
        if (zip.Entries.ContainsKey($"{folder}byteorder") && !zip.Bytes($"{folder}byteorder", MaxNoteBytes).AsSpan().SequenceEqual("little"u8))
        {
            throw BigEndian(path);
        }

        bool script = zip.Entries.ContainsKey($"{folder}constants.pkl");
        object? root = new PickleReader(path, zip.Bytes(pickle, MaxPickleBytes), script).Read();
        return new PyTorchContent(
            script ? "a TorchScript archive" : "a checkpoint of PyTorch",
            root,
            storage => zip.Entries.TryGetValue($"{folder}data/{storage.Key}", out ZipEntry entry)
                ? !entry.Deflated
                    ? (entry.Offset, entry.Length)
                    : throw new UserException($"{path} has compressed tensors, which PyTorch does not write; unpack it and pack it again without compression: zip -0 -r")
                : throw PyTorchGlobals.Broken(path, $"it lacks the storage {PrintableText.Of(storage.Key)}"),
            script ? new ScriptCode(zip, folder) : null);
    }

    /// <summary>
    /// The format before PyTorch 1.6: pickles of a magic number, a version, what the machine was like, the value and the names of its storages, then each
    /// storage as its length and its bytes. Any other pickle is a value without storages.
    /// </summary>
    /// <exception cref="UserException">It is cut off or broken.</exception>
    internal static PyTorchContent OfPickles(string path, FileMap map)
    {
        ReadOnlySpan<byte> bytes = map.Bytes(0, (int)Math.Min(map.Length, MaxPickleBytes));
        var places = new Dictionary<string, (long Offset, long Bytes)>(StringComparer.Ordinal);
        object? root = Next(path, ref bytes, out _);
        if (root is BigInteger magic && magic == Magic)
        {
            Next(path, ref bytes, out _);
            if (Next(path, ref bytes, out _) is PickleDictionary machine && machine.TryFind("little_endian", out object? little) && little is not true)
            {
                throw BigEndian(path);
            }

            root = Next(path, ref bytes, out IReadOnlyDictionary<string, PickledStorage> storages);
            var keys = Next(path, ref bytes, out _) as List<object?>;
            long position = Math.Min(map.Length, MaxPickleBytes) - bytes.Length;
            foreach (object? key in keys ?? throw PyTorchGlobals.Broken(path, "it does not list its storages"))
            {
                if (key is not string name || !storages.TryGetValue(name, out PickledStorage? storage))
                {
                    throw PyTorchGlobals.Broken(path, "it lists a storage that no tensor has");
                }

                Int128 length = (Int128)storage.Count * storage.ElementBytes;
                if (length > map.Length - position - sizeof(long) || BitConverter.ToInt64(map.Bytes(position, sizeof(long))) != storage.Count)
                {
                    throw PyTorchGlobals.Broken(path, $"the storage {PrintableText.Of(name)} is cut off, or has another length than is said");
                }

                places[name] = (position + sizeof(long), (long)length);
                position += sizeof(long) + (long)length;
            }
        }

        return new PyTorchContent(
            "a checkpoint of PyTorch in the format before 1.6",
            root,
            storage => places.TryGetValue(storage.Key, out (long, long) place) ? place : throw PyTorchGlobals.Broken(path, $"it lacks the storage {PrintableText.Of(storage.Key)}"),
            null);
    }

    private static object? Next(string path, ref ReadOnlySpan<byte> bytes, out IReadOnlyDictionary<string, PickledStorage> storages)
    {
        var reader = new PickleReader(path, bytes);
        object? value = reader.Read();
        bytes = bytes[reader.Position..];
        storages = reader.Storages;
        return value;
    }

    private static UserException BigEndian(string path) =>
        new($"{path} was written by a machine that has the highest byte of a number first (big-endian), which is not read; save it again on another.");
}
