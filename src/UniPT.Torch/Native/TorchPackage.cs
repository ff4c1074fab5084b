using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>The NuGet package that brings libtorch itself, and the libraries in it.</summary>
internal static class TorchPackage
{
    /// <summary>
    /// The version that the referenced TorchSharp is built for. It cannot be asked before libtorch is loaded: the question alone makes it
    /// load.
    /// </summary>
    internal const string Version = "2.10.0";

    internal const string Core = "libtorch_cpu.so";

    /// <summary>In the order in which they need each other. What a package without CUDA lacks is passed over.</summary>
    private static readonly string[] Libraries =
    [
        "libgomp-*.so*",
        "libcudart-*.so*",
        "libc10.so",
        Core,
        "libc10_cuda.so",
        "libtorch_cuda.so",
        "libtorch_cuda_linalg.so",
        "libtorch.so",
    ];

    // Without folders below, and without those that this user may not read.
    private static readonly EnumerationOptions Options = new();

    /// <summary>The package without CUDA for this system; null where there is none.</summary>
    internal static string? Name => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 when OperatingSystem.IsLinux() => "libtorch-cpu-linux-x64",
        Architecture.X64 when OperatingSystem.IsWindows() => "libtorch-cpu-win-x64",
        Architecture.Arm64 when OperatingSystem.IsMacOS() => "libtorch-cpu-osx-arm64",
        _ => null,
    };

    /// <summary>The sentence for a program without libtorch.</summary>
    internal static string Missing() => Name is { } name
        ? $"libtorch was not found: add the NuGet package {name} {Version} (or a CUDA package of the same version) to the program."
        : $"libtorch was not found, and TorchSharp has none for {RuntimeInformation.RuntimeIdentifier}; it runs on linux-x64, win-x64 and osx-arm64.";

    /// <summary>Loads the libraries by their full paths, so that later ones find them whatever folder they lie in.</summary>
    /// <returns>Whether libtorch was among them.</returns>
    internal static bool Preload(IReadOnlyList<string> folders)
    {
        bool found = false;
        foreach (string pattern in Libraries)
        {
            string? path = folders.SelectMany(folder => Directory.EnumerateFiles(folder, pattern, Options)).FirstOrDefault();
            if (path is not null && NativeLibrary.TryLoad(path, out _))
            {
                found |= pattern == Core;
            }
        }

        return found;
    }
}
