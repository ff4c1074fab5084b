using System.Diagnostics;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Packages;

/// <summary>
/// The packages of this checkout in a feed of their own, and a place outside it with an empty package cache. What others made, libtorch's 600 MB
/// among it, is read from this machine's package folder, so that nothing is downloaded.
/// </summary>
public sealed class PackageFeed : IDisposable
{
    private static readonly string[] Projects = ["UniPT.Torch", "UniPT.Backbones", "UniPT.Tuning", "UniPT.Tasks", "UniPT.Training", "UniPT.Reports", "UniPT.Cli"];
    private readonly TemporaryFolder _folder = new();

    /// <summary>Packs; takes a minute or two.</summary>
    public PackageFeed()
    {
        Directory.CreateDirectory(Feed);
        File.WriteAllText(Place("packages.slnx"), $"<Solution>{string.Concat(Projects.Select(project => $"<Project Path=\"{RepositoryPaths.Root}/src/{project}/{project}.csproj\" />"))}</Solution>");
        ToolResult packed = Run(
            "dotnet", ["pack", Place("packages.slnx"), "-c", "Release", "--artifacts-path", Place("artifacts"), $"-p:PackageOutputPath={Feed}", "-v", "quiet"], cleared: false);
        Assert.True(packed.ExitCode == 0, packed.Output + packed.Error);
        Directory.Delete(Place("artifacts"), recursive: true);
        File.WriteAllText(Place("nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Where the packages are.</summary>
    public string Feed => Place("feed");

    private static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A path outside the checkout.</summary>
    public string Place(params string[] parts) => _folder.File(parts);

    /// <summary>Builds a program of one file that refers to one of the packages, and gives its path.</summary>
    internal string Build(string name, string package, string source)
    {
        Directory.CreateDirectory(Place(name));
        File.WriteAllText(Place(name, "Program.cs"), source);
        File.WriteAllText(Place(name, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="0.1.0" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
              </ItemGroup>
            </Project>
            """);
        ToolResult built = Run("dotnet", ["build", Place(name), "-c", "Release", "-v", "quiet", "-warnaserror"]);
        Assert.True(built.ExitCode == 0, built.Output + built.Error);
        return Place(name, "bin", "Release", "net10.0", $"{name}.dll");
    }

    /// <summary>Runs a program out there.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cleared">Whether with an empty package cache and without what may help to find libraries.</param>
    internal ToolResult Run(string program, string[] arguments, bool cleared = true)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath)!;
        if (cleared)
        {
            start.Environment.Remove("LD_LIBRARY_PATH");
            start.Environment["NUGET_PACKAGES"] = Place("cache");
            start.Environment["XDG_CACHE_HOME"] = Place("user-cache");
        }

        using Process process = Process.Start(start)!;
        return Tool.Finish(process);
    }

    /// <summary>Removes everything.</summary>
    public void Dispose() => _folder.Dispose();
}
