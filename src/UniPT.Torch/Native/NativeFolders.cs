using System.Reflection;

namespace UniPT.Torch.Native;

/// <summary>The folders in which the native libraries of NuGet packages can lie, the likeliest first.</summary>
internal static class NativeFolders
{
    private const string InPackage = "runtimes/linux-x64/native";

    internal static IEnumerable<string> All(Assembly torchSharp) => Candidates(torchSharp)
        .Where(folder => folder.Length > 0)
        .Select(Path.GetFullPath)
        .Distinct(StringComparer.Ordinal)
        .Where(Directory.Exists);

    private static IEnumerable<string> Candidates(Assembly torchSharp)
    {
        // What the program's deps.json lists: folders of the package cache in a test, of the program elsewhere.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string listed)
        {
            foreach (string folder in listed.Split(Path.PathSeparator))
            {
                yield return folder;
            }
        }

        foreach (string folder in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(torchSharp.Location) ?? "" })
        {
            if (folder.Length > 0)
            {
                yield return folder;
                yield return Path.Combine(folder, InPackage);
            }
        }

        // The package cache, for programs that have TorchSharp.dll alone beside them or, as scripts, not even that.
        string? version = torchSharp.GetName().Version?.ToString(3);
        foreach (string cache in PackageCaches(torchSharp.Location))
        {
            yield return Path.Combine(cache, "torchsharp", version ?? "", InPackage);
            yield return Path.Combine(cache, TorchPackage.Name ?? "", TorchPackage.Version, InPackage);
        }
    }

    private static IEnumerable<string> PackageCaches(string torchSharp)
    {
        // <cache>/torchsharp/<version>/lib/<framework>/TorchSharp.dll
        if (torchSharp.Length > 0 && new FileInfo(torchSharp).Directory?.Parent?.Parent?.Parent is { Name: "torchsharp", Parent: { } cache })
        {
            yield return cache.FullName;
        }

        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named)
        {
            yield return named;
        }

        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".nuget", "packages");
        }
    }
}
