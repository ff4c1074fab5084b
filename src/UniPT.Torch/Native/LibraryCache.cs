using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace UniPT.Torch.Native;

/// <summary>
/// Keeps the changed copy of TorchSharp's native library: in the <see cref="UserCache"/>, else for this process alone in a temporary folder.
/// </summary>
internal static class LibraryCache
{
    private const string FileName = "libLibTorchSharp.so";

    /// <summary>Loads the copy.</summary>
    /// <returns>The library and the file that it was loaded from.</returns>
    internal static (nint Handle, string Path) Load(byte[] original, byte[] changed)
    {
        if (UserCache.Folder() is { } folder)
        {
            string path = Path.Combine(folder, $"LibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(original))[..16]}.so");
            if ((Holds(path, changed) || Write(path, changed)) && NativeLibrary.TryLoad(path, out nint handle))
            {
                return (handle, path);
            }
        }

        return LoadTemporary(changed);
    }

    /// <summary>Whether a file has just these bytes: what was cut short or changed by others is not loaded.</summary>
    private static bool Holds(string path, byte[] content)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length == content.Length
                && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Processes that come here at once write files of their own; the last renaming wins, all are the same.</summary>
    private static bool Write(string path, byte[] content)
    {
        try
        {
            AtomicFile.Write(path, stream => stream.Write(content));
            return true;
        }
        catch (UserException)
        {
            return false;
        }
    }

    // In a folder that only this user can enter. A loaded library needs its name no more.
    private static (nint Handle, string Path) LoadTemporary(byte[] changed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("unipt-");
        try
        {
            string path = Path.Combine(folder.FullName, FileName);
            File.WriteAllBytes(path, changed);
            return (NativeLibrary.Load(path), path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
