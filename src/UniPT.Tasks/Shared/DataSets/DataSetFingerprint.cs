using System.Security.Cryptography;
using System.Text;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Tells data sets apart by what is in them, wherever they lie.</summary>
internal static class DataSetFingerprint
{
    /// <summary>Hexadecimal SHA-256 over what <paramref name="write"/> writes.</summary>
    internal static string Of(Action<BinaryWriter> write)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var buffer = new BufferedStream(stream, 1 << 16))
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8))
        {
            write(writer);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }
}
