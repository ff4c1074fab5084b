namespace UniPT;

/// <summary>
/// Writes files beside their place and renames them into it, so that a reader never sees half a file. A link stays and its
/// target is replaced; what is no plain file, such as a device or a pipe, is written to as it is.
/// </summary>
public static class AtomicFile
{
    private const int MostLinks = 40;

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>; on any failure the old file stays.</summary>
    /// <exception cref="UserException">The file cannot be written: no permission, no space, no such folder.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            string place = Follow(path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            using FileStream? through = OpenUnlessPlain(place);
            if (through is null)
            {
                Replace(place, write);
            }
            else
            {
                write(through);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write {path}: {error.Message}", error);
        }
    }

    /// <summary>Writes a text file as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Checks, before the work whose result it takes, that a file can be written; leaves nothing.</summary>
    /// <exception cref="UserException">It is a folder, or its folder cannot be made or written to.</exception>
    public static void RequireWritable(string path)
    {
        try
        {
            string place = Follow(path);
            if (Directory.Exists(place))
            {
                throw new UserException($"Cannot write {path}: it is a folder.");
            }

            // To open a pipe for a trial would end it for its reader.
            if (!MayBeNoPlainFile(place))
            {
                string folder = NearestFolder(place);
                new FileStream(Path.Combine(folder, $".unipt-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }).Dispose();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write {path}: {error.Message}", error);
        }
    }

    private static void Replace(string full, Action<Stream> write)
    {
        string beside = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        catch
        {
            Remove(beside);
            throw;
        }
    }

    /// <summary>Where the links of a path lead; an open file of a process, which such a link names too, is not followed.</summary>
    private static string Follow(string path)
    {
        string place = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks && !IsOpenFile(place) && new FileInfo(place).LinkTarget is { } target; links++)
        {
            place = Path.GetFullPath(target, Path.GetDirectoryName(place)!);
        }

        return place;
    }

    // Also what /dev/stdout is a link to. The shell that opened the file goes on with it: it must not get another one.
    private static bool IsOpenFile(string place) => !OperatingSystem.IsWindows()
        && (place.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || (place.StartsWith("/proc/", StringComparison.Ordinal) && place.Contains("/fd/", StringComparison.Ordinal)));

    private static bool MayBeNoPlainFile(string place) => IsOpenFile(place) || new FileInfo(place) is { Exists: true, Length: 0 };

    /// <summary>The open file where there is one that is not to be replaced; null for a plain one, or none.</summary>
    private static FileStream? OpenUnlessPlain(string place)
    {
        if (!MayBeNoPlainFile(place))
        {
            return null;
        }

        FileStream stream;
        try
        {
            stream = new FileStream(place, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException) when (!IsOpenFile(place))
        {
            // A plain file that is read-only can be replaced all the same.
            return null;
        }

        if (IsOpenFile(place) || !HasLength(stream))
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }

    /// <summary>.NET does not tell a file's kind, but only plain files can be given a length.</summary>
    private static bool HasLength(FileStream stream)
    {
        try
        {
            stream.SetLength(stream.Length);
            return true;
        }
        catch (Exception error) when (error is IOException or NotSupportedException)
        {
            return false;
        }
    }

    private static string NearestFolder(string place)
    {
        string folder = Path.GetDirectoryName(place)!;
        while (!Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        return folder;
    }

    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
