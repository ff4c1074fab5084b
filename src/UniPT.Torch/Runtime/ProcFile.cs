using System.Globalization;

namespace UniPT.Torch;

/// <summary>Fields of Linux's text files below <c>/proc</c>.</summary>
internal static class ProcFile
{
    /// <summary>The text after the colon of the first line that begins with a name; null where there is none.</summary>
    internal static string? Field(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':') + 1)..].Trim()).FirstOrDefault()
        : null;

    /// <summary>A field in kB as bytes.</summary>
    internal static long? Bytes(string file, string name) =>
        long.TryParse(Field(file, name)?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : null;
}
