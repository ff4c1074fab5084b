using System.Security.Cryptography;

namespace UniPT.Backbones.Pretrained;

/// <summary>Packages are not signed by us: what is taken from one is compared with what this version was written for.</summary>
internal static class PackageFileHash
{
    /// <summary>The bytes, if their SHA-256 is the expected one.</summary>
    /// <param name="bytes">A file of a package, or a part of one.</param>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="UserException">It is another one, as of a file that was cut off.</exception>
    internal static byte[] Require(byte[] bytes, string sha256, string path)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == sha256
            ? bytes
            : throw new UserException(
                $"{path} is not the file that this version was written for, or is damaged: its SHA-256 is {FileHash.Shorten(found)}…, {FileHash.Shorten(sha256)}… was expected.");
    }

    /// <summary>Reads a file of a package.</summary>
    /// <exception cref="UserException">It is missing or cannot be read.</exception>
    internal static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path} of a package: {error.Message}", error);
        }
    }
}
