using System.Runtime.InteropServices;

namespace UniPT.Cli.Doctor;

/// <summary>Native libraries that this process has loaded.</summary>
internal static class LoadedLibrary
{
    /// <summary>The path of the first loaded library whose file name starts with one of <paramref name="names"/>.</summary>
    internal static string? Find(params string[] names) => File.ReadLines("/proc/self/maps")
        .Where(line => line.Contains(".so", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/')..])
        .Distinct()
        .FirstOrDefault(path => names.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)));

    /// <summary>What a function without arguments of a loaded library says; null if there is no such function.</summary>
    internal static string? Ask(string path, string function) =>
        NativeLibrary.TryGetExport(NativeLibrary.Load(path), function, out nint address)
            ? Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<TextFunction>(address)())
            : null;

    private delegate nint TextFunction();
}
