using System.Security.Cryptography;

namespace UniPT;

/// <summary>SHA-256 of files, by which a changed one is told.</summary>
public static class FileHash
{
    /// <summary>The hash of a file's bytes, in lower-case hexadecimal.</summary>
    /// <exception cref="UserException">The file cannot be read.</exception>
    public static string Sha256(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>As much of a hash as a message needs to tell two apart; a shorter text, as a damaged file may have, stays as it is.</summary>
    public static string Shorten(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
