namespace UniPT;

/// <summary>A file that one process holds at a time; the operating system frees it for one that died.</summary>
public static class FileLock
{
    // What .NET gives for a file that another process has locked: EWOULDBLOCK, and Windows' sharing violation.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    /// <summary>Takes the lock, making the file if it is not there; to dispose of what is returned gives it back.</summary>
    /// <returns>Null where another holds it.</returns>
    /// <exception cref="IOException">The file cannot be opened for another reason, such as a disk that is read-only.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
    }
}
