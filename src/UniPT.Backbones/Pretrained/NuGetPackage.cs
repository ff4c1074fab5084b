using System.Diagnostics;
using System.Text.RegularExpressions;

namespace UniPT.Backbones.Pretrained;

/// <summary>A package of a fixed version, of which only the files are wanted.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="DownloadBytes">Bytes of the package itself.</param>
public sealed partial record NuGetPackage(string Id, string Version, long DownloadBytes)
{
    /// <summary>Where its files are below a folder of restored packages.</summary>
    internal string FolderIn(string packages) => Path.Combine(packages, Id.ToLowerInvariant(), Version);

    /// <summary>The folder that NuGet keeps packages in for this user; null where the system names none.</summary>
    internal static string? UsersFolder
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return !string.IsNullOrEmpty(named) ? named : home.Length > 0 ? Path.Combine(home, ".nuget", "packages") : null;
        }
    }

    /// <summary>Restores it from the user's package sources, with nothing that it depends on.</summary>
    /// <param name="folder">A folder to work in; the packages come into its folder <c>packages</c>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The folder with its files.</returns>
    /// <exception cref="UserException">There is no .NET SDK, no network, or no such package.</exception>
    internal string Restore(string folder, CancellationToken cancellation)
    {
        string packages = Path.Combine(folder, "packages");
        File.WriteAllText(Path.Combine(folder, "fetch.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{Id}" Version="[{Version}]" />
              </ItemGroup>
            </Project>
            """);

        // Files of a checkout above the cache must not have a say in it.
        foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            File.WriteAllText(Path.Combine(folder, file), "<Project />");
        }

        (int code, string output) = Run(["restore", Path.Combine(folder, "fetch.csproj"), "--packages", packages, "--nologo"], folder, cancellation);
        string restored = FolderIn(packages);
        return code == 0 && Directory.Exists(restored)
            ? restored
            : throw new UserException(
                $"Cannot fetch the package {Id} {Version} from NuGet: {Reason(output)}; it is fetched once and needs a network then, or a package source that holds it (dotnet nuget add source).");
    }

    private static (int Code, string Output) Run(string[] arguments, string folder, CancellationToken cancellation)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");
        var start = new ProcessStartInfo(host, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1" },
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using CancellationTokenRegistration stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return (process.ExitCode, output.Result + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new UserException($"Packages are fetched by the .NET SDK, which was not found: {error.Message}", error);
        }
    }

    /// <summary>The first error of a restore, without its file and code.</summary>
    private static string Reason(string output) =>
        Error().Match(output) is { Success: true } error ? error.Groups[1].Value.Trim().TrimEnd('.') : "the restore failed";

    [GeneratedRegex(@"error (?:NU\d+|NETSDK\d+|MSB\d+)?:? ?(.*?)(?: \[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Error();
}
