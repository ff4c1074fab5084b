using System.Text.Json;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>What was found out about the files of a data set, kept in the user's cache by their contents, so that a slow look at them is taken once.</summary>
internal static class KeptFindings
{
    /// <summary>What is kept, or else found now and kept.</summary>
    /// <param name="kind">The folder of the cache.</param>
    /// <param name="fingerprint">Of all that was looked at.</param>
    /// <param name="version">To be raised when something else would be found.</param>
    /// <param name="isWhole">Whether what was read is what may have been written.</param>
    /// <param name="find">Looks.</param>
    internal static T[] Of<T>(string kind, string fingerprint, int version, Func<T[], bool> isWhole, Func<T[]> find)
    {
        string? cache = UserCache.Folder is { } folder ? Path.Combine(folder, kind, $"{fingerprint}-{version}.json") : null;
        if (cache is null)
        {
            return find();
        }

        if (Read<T>(cache) is { } kept && isWhole(kept))
        {
            return kept;
        }

        T[] found = find();
        Write(cache, found);
        return found;
    }

    private static T[]? Read<T>(string cache)
    {
        try
        {
            return File.Exists(cache) ? JsonSerializer.Deserialize<T[]>(File.ReadAllBytes(cache)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Where nothing can be kept, files are looked at again the next time.</summary>
    private static void Write<T>(string cache, T[] found)
    {
        try
        {
            AtomicFile.Write(cache, stream => JsonSerializer.Serialize(stream, found));
        }
        catch (UserException)
        {
        }
    }
}
