using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Tells checkpoints apart by what they hold, so that an adapter can refuse another backbone's weights.</summary>
public static class BackboneFingerprint
{
    private static readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Changed), string> Computed = [];

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over the names, types, shapes and bytes of all tensors in the order of their
    /// names; the metadata and the order in the file do not matter. Kept in memory while the file does not change.
    /// </summary>
    /// <exception cref="UserException">The file is missing or broken.</exception>
    public static string Of(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        return file.Exists
            ? Computed.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), key => Compute(key.Path))
            : Compute(path);
    }

    private static string Compute(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TensorEntry entry in file.Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Name}\0{entry.Type}\0{string.Join(',', entry.Shape)}\0"));
            hash.AppendData(file.Read(entry.Name).ToBytes());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
