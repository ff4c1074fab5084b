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

        // A script takes TorchSharp.dll from the package cache: <cache>/torchsharp/<version>/lib/<framework>.
        DirectoryInfo? package = new FileInfo(torchSharp.Location is { Length: > 0 } file ? file : "none").Directory?.Parent?.Parent;
        if (package?.Parent is { Name: "torchsharp", Parent: { } cache })
        {
            yield return Path.Combine(package.FullName, InPackage);
            yield return Path.Combine(cache.FullName, TorchPackage.Name ?? "", TorchPackage.Version, InPackage);
        }
    }
}
