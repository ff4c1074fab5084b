using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>
/// Loads libtorch and TorchSharp's native library. Nearly always .NET does that itself; where it fails on Linux, because
/// the C++ library of the system is older than the one that TorchSharp was built with or because the libraries lie in
/// several folders, this loads them by their full paths.
/// </summary>
public static class TorchLibrary
{
    private const string Name = "LibTorchSharp";
    private static readonly Lock Guard = new();
    private static nint Handle;
    private static bool Loaded;

    /// <summary>One sentence on why libtorch could not be loaded; null while nothing is wrong.</summary>
    public static string? Problem { get; private set; }

    /// <summary>Where the native library of TorchSharp was found; null until it was looked for.</summary>
    public static string? Source { get; private set; }

    /// <summary>
    /// The copy with weakened version needs that runs in place of <see cref="Source"/>; null where that file itself runs,
    /// as it does on every system with a C++ library of GCC 13 or later. Where the user's cache cannot be written, it lies in a
    /// temporary folder and is deleted once it is loaded.
    /// </summary>
    public static string? Copy { get; private set; }

    private static Assembly TorchSharp => typeof(torch).Assembly;

    /// <summary>Loads libtorch, unless that is done, and says in one sentence what is missing where it cannot be.</summary>
    /// <exception cref="UserException">No libtorch, none for this system, or one that cannot be loaded.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref Loaded))
        {
            return;
        }

        RefuseCutFiles();

        // In TorchSharp's order, which is needed on Windows. This asks the handler below when the ordinary way fails, and never
        // comes to TorchSharp's own last resort, which copies 600 MB beside the program.
        bool found = NativeLibrary.TryLoad("torch_cpu", TorchSharp, null, out _);
        if (!NativeLibrary.TryLoad(Name, TorchSharp, null, out _))
        {
            throw new UserException(Problem ??= found
                ? "libtorch was found, but TorchSharp's native library beside it cannot be loaded; doctor lists what the system has."
                : TorchPackage.Missing());
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new UserException(Problem = $"libtorch cannot be used: {FirstLine(error.GetBaseException().Message)}", error);
        }

        Problem = null;
        Volatile.Write(ref Loaded, true);
    }

    // The system's loader ends the process at a file that a broken copy or a full disk left too short.
    private static void RefuseCutFiles()
    {
        if (OperatingSystem.IsLinux())
        {
            string[] folders = [.. NativeFolders.All(TorchSharp)];
            string? cut = new[] { $"lib{Name}.so", TorchPackage.Core }
                .SelectMany(name => folders.Select(folder => Path.Combine(folder, name)).Where(File.Exists).Take(1))
                .FirstOrDefault(ElfReader.IsCut);
            if (cut is not null)
            {
                throw new UserException(Problem = $"{cut} is not whole; delete it and restore the NuGet packages again.");
            }
        }
    }

#pragma warning disable CA2255 // The handler has to be there before the first tensor, whoever makes it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            HeapSettings.Apply();
            (AssemblyLoadContext.GetLoadContext(TorchSharp) ?? AssemblyLoadContext.Default).ResolvingUnmanagedDll += Resolve;
            NativeLibrary.SetDllImportResolver(typeof(TorchLibrary).Assembly, ResolveOwn);
        }
    }

    // Our own calls into the library reach the one that TorchSharp has, however that was found.
    private static nint ResolveOwn(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Name && NativeLibrary.TryLoad(Name, TorchSharp, null, out nint handle) ? handle : 0;

    /// <summary>Asked by .NET after the ordinary search failed; 0 leaves it at that.</summary>
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != Name)
        {
            return 0;
        }

        lock (Guard)
        {
            try
            {
                return Handle != 0 ? Handle : Handle = Load();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
            {
                Problem = $"libtorch cannot be loaded: {FirstLine(error.Message)}";
                return 0;
            }
        }
    }

    private static nint Load()
    {
        string[] folders = [.. NativeFolders.All(TorchSharp)];
        Source = folders.Select(folder => Path.Combine(folder, $"lib{Name}.so")).FirstOrDefault(File.Exists);
        if (Source is null)
        {
            Problem = $"TorchSharp's native library lib{Name}.so was not found; add the NuGet package TorchSharp to the program itself.";
            return 0;
        }

        if (!TorchPackage.Preload(folders))
        {
            Problem = TorchPackage.Missing();
            return 0;
        }

        if (NativeLibrary.TryLoad(Source, out nint handle))
        {
            return handle;
        }

        byte[] original = File.ReadAllBytes(Source);
        byte[] weakened = [.. original];
        if (VersionNeeds.Weaken(weakened) is { } reason)
        {
            Problem = $"{Source} cannot be loaded, nor made loadable: {reason}. {Reason(Source)}";
            return 0;
        }

        (handle, Copy) = LibraryCache.Load(original, weakened);
        return handle;
    }

    /// <summary>What the system says against a library.</summary>
    private static string Reason(string path)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(path));
            return "";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // After a line of .NET's own.
            string[] lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"The system says: {lines[Math.Min(1, lines.Length - 1)]}.";
        }
    }

    private static string FirstLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("no reason given");
}
