using System.IO.Compression;
using UniPT.Cli.Tests.EndToEnd;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Packages;

/// <summary>What somebody gets who has the packages and not this repository.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string Version = "0.1.0";
    private static readonly string[] Libraries = ["UniPT.Torch", "UniPT.Backbones", "UniPT.Tuning", "UniPT.Tasks", "UniPT.Training", "UniPT.Reports"];

    [Fact]
    public void TheyHaveReadmeLicenceSymbolsAndDocumentation()
    {
        Assert.All(Libraries, library =>
        {
            string[] parts = Parts($"{library}.{Version}.nupkg");
            Assert.Contains("README.md", parts);
            Assert.Contains("NOTICE", parts);
            Assert.Contains($"lib/net10.0/{library}.dll", parts);
            Assert.Contains($"lib/net10.0/{library}.xml", parts);
            Assert.DoesNotContain(parts, part => part.EndsWith(".so", StringComparison.Ordinal));
            Assert.Contains($"lib/net10.0/{library}.pdb", Parts($"{library}.{Version}.snupkg"));
            string description = Text($"{library}.{Version}.nupkg", $"{library}.nuspec");
            Assert.Contains("""<license type="expression">Apache-2.0</license>""", description);
            Assert.Contains("<readme>README.md</readme>", description);
        });
        Assert.Contains("buildTransitive/UniPT.Torch.targets", Parts($"UniPT.Torch.{Version}.nupkg"));
    }

    [Fact]
    public void AModuleWrittenElsewhereIsTunedSavedAndLoaded() => Learns(feed.Build("OwnModule", "UniPT.Tuning", Example("OwnModule")), feed.Place("module"));

    [Fact]
    public void ATorchScriptFileIsTunedElsewhereSavedAndLoaded()
    {
        string script = feed.Place("encoder.pt");
        File.Copy(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "torchscript", "encoder.pt"), script, overwrite: true);
        Learns(feed.Build("OwnScript", "UniPT.Tuning", Example("OwnScript")), script, feed.Place("script"));
    }

    [Fact]
    public void AProgramWhoseFirstTensorIsTorchSharpsFindsLibtorch()
    {
        string program = feed.Build("First", "UniPT.Torch", """System.Console.WriteLine(TorchSharp.torch.ones(3).sum().ToString(TorchSharp.TensorStringStyle.Julia));""");

        ToolResult result = feed.Run("dotnet", [program]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("3", result.Output);
        Assert.False(Directory.Exists(Path.Combine(Path.GetDirectoryName(program)!, "cpu")), "TorchSharp copied libtorch a second time.");
    }

    [Fact]
    public void TheToolInstallsTellsWhatItFindsAndTrains()
    {
        ToolResult installed = feed.Run(
            "dotnet", ["tool", "install", "UniPT.Cli", "--version", Version, "--tool-path", feed.Place("tools"), "--configfile", feed.Place("nuget.config")]);
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Error);
        string tool = feed.Place("tools", OperatingSystem.IsWindows() ? "unipt.exe" : "unipt");

        ToolResult doctor = feed.Run(tool, ["doctor"]);
        Assert.True(doctor.ExitCode == 0, doctor.Output + doctor.Error);
        Assert.DoesNotContain("MISSING", doctor.Output);
        Assert.DoesNotContain(RepositoryPaths.Root, doctor.Output);

        using var folder = new TemporaryFolder();
        string[] arguments = SampleTraining.Arguments(EmojiSample.Write(folder), folder.File("run"), "--set", "train.epochs=1"); // the last one counts
        arguments[1] = Path.Combine(RepositoryPaths.Root, arguments[1]);
        ToolResult trained = feed.Run(tool, arguments);
        Assert.True(trained.ExitCode == 0, trained.Output + trained.Error);
        Assert.True(File.Exists(folder.File("run", "adapter", "adapter_model.safetensors")));
    }

    private static string Example(string name) => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "examples", name, "Program.cs"));

    private void Learns(string program, params string[] arguments)
    {
        ToolResult result = feed.Run("dotnet", [program, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("step 10: ", result.Output);
        Assert.Contains("loaded: differs by 0.0000", result.Output);
        Assert.Contains("unipt-tuned-2", File.ReadAllText(Path.Combine(arguments[^1], "adapter_config.json")));

        // Ours came from the feed and not from a cache.
        Assert.True(Directory.Exists(feed.Place("cache", "unipt.tuning", Version)));
    }

    private string[] Parts(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(feed.Feed, package));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    private string Text(string package, string part)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(feed.Feed, package));
        using var reader = new StreamReader(archive.GetEntry(part)!.Open());
        return reader.ReadToEnd();
    }
}
