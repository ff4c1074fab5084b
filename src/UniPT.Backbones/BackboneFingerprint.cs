using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Tells checkpoints apart by what they hold, so that an adapter can refuse another backbone's weights.</summary>
public static class BackboneFingerprint
{
    private static readonly ConcurrentDictionary<string, string> Computed = new(StringComparer.Ordinal);

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over the names, types, shapes and bytes of all tensors in the order of their
    /// names; the metadata and the order in the file do not matter. Kept in memory while the file does not change.
    /// </summary>
    /// <param name="path">The file; null for a backbone without weights, as for a file without tensors.</param>
    /// <exception cref="UserException">The file is missing or broken.</exception>
    public static string Of(string? path)
    {
        if (path is null)
        {
            return Compute([], _ => throw new InvalidOperationException());
        }

        using TensorFile file = TensorFile.Open(path);
        return Computed.GetOrAdd(file.Version, _ => Compute(file.Entries.Keys, file.Read));
    }

    /// <summary>That of the store's file; of weights that came from none, the same over the tensors as they are now.</summary>
    public static string Of(WeightStore store)
    {
        if (store.Path is { } path)
        {
            return Of(path);
        }

        IReadOnlyDictionary<string, Tensor> state = store.State();
        return Compute(state.Keys, name => state[name]);
    }

    private static string Compute(IEnumerable<string> names, Func<string, Tensor> read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor tensor = read(name);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.dtype}\0{string.Join(',', tensor.shape)}\0"));
            TensorData.WriteTo(tensor, piece => hash.AppendData(piece));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
