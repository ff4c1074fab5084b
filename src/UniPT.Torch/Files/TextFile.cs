namespace UniPT;

/// <summary>Reads small text files that users give.</summary>
public static class TextFile
{
    private const long MaxBytes = 16 << 20;

    /// <summary>The whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, for the message.</param>
    /// <exception cref="UserException">It is missing, unreadable or far too long.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllText(path)
                : throw new UserException($"{path} has {length} bytes; {what} has at most {MaxBytes}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path} ({what}): {error.Message}", error);
        }
    }
}
