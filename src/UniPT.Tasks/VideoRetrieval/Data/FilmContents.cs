using System.Security.Cryptography;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>Tells films apart without reading all of them.</summary>
internal static class FilmContents
{
    private const int Piece = 64 << 10;

    /// <summary>
    /// Hexadecimal SHA-256 over a film's size and its first, middle and last 64 KiB; of a folder over those of its files, by their names. Films are large and there are
    /// thousands of them; who changes one between these places without another size is not found out.
    /// </summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    internal static string Of(string path)
    {
        try
        {
            return Hash(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    private static string Hash(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (Directory.Exists(path))
        {
            foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file)));
                Add(hash, file);
            }
        }
        else
        {
            Add(hash, path);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string path)
    {
        using FileStream file = File.OpenRead(path);
        long size = file.Length;
        hash.AppendData(BitConverter.GetBytes(size));
        var piece = new byte[Piece];
        foreach (long start in new[] { 0, (size - Piece) / 2, size - Piece }.Where(start => start >= 0).Prepend(0).Distinct())
        {
            file.Position = start;
            hash.AppendData(piece, 0, file.ReadAtLeast(piece, Piece, throwOnEndOfStream: false));
        }
    }
}
