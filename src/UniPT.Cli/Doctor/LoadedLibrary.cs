using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UniPT.Cli.Doctor;

/// <summary>Native libraries that this process has loaded.</summary>
internal static class LoadedLibrary
{
    /// <summary>The path of the first loaded library whose file name starts with one of <paramref name="names"/>.</summary>
    internal static string? Find(params string[] names)
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .FirstOrDefault(path => names.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>What a function without arguments of a loaded library says; null if there is no such function.</summary>
    internal static string? Ask(string path, string function) =>
        NativeLibrary.TryGetExport(NativeLibrary.Load(path), function, out nint address)
            ? Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<TextFunction>(address)())
            : null;

    private delegate nint TextFunction();
}
