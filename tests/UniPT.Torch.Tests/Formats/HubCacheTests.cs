using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

/// <summary>Changes environment variables of the process, which no other test of this assembly reads.</summary>
public sealed class HubCacheTests : IDisposable
{
    private static readonly string[] Variables = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"];
    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];
    private readonly TemporaryFolder _folder = new();

    public HubCacheTests()
    {
        foreach (string variable in Variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        Environment.SetEnvironmentVariable("HF_HOME", _folder.FullName);
    }

    private string Model => _folder.File("hub", "models--org--small");

    private string Snapshot => Path.Combine(Model, "snapshots", "abc123");

    public void Dispose()
    {
        foreach ((string variable, string? value) in Variables.Zip(_before))
        {
            Environment.SetEnvironmentVariable(variable, value);
        }

        _folder.Dispose();
    }

    [Fact]
    public void TheFolderIsWhereHuggingFacesLibrariesHaveIt()
    {
        Assert.Equal(_folder.File("hub"), HubCache.Folder);
        Environment.SetEnvironmentVariable("HUGGINGFACE_HUB_CACHE", _folder.File("old"));
        Assert.Equal(_folder.File("old"), HubCache.Folder);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", _folder.File("new"));
        Assert.Equal(_folder.File("new"), HubCache.Folder);
        foreach (string variable in Variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), HubCache.Folder);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _folder.FullName);
        Assert.Equal(_folder.File("huggingface", "hub"), HubCache.Folder);
    }

    [Theory]
    [InlineData("hf:org/small")]
    [InlineData("hf:org/small@main")]
    [InlineData("hf:org/small@v1")]
    [InlineData("hf:org/small@abc123")]
    public void AModelIsFoundThroughItsReferenceAndLinks(string name)
    {
        Fill();
        File.WriteAllText(Path.Combine(Model, "refs", "v1"), "abc123");
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile file = TensorFile.Open(name);
        Assert.Equal(Path.Combine(Snapshot, "model.safetensors"), file.Path);
        Assert.Equal(3, file.Read("a.weight").sum().Item());
        using TensorFile part = TensorFile.Open($"{name}#a");
        Assert.Equal(["weight"], part.Entries.Keys);
        using TensorFile byPath = TensorFile.Open(Snapshot);
        Assert.Equal(file.Path, byPath.Path);
    }

    [Theory]
    [InlineData("hf:org/other", "is not in the hub cache")]
    [InlineData("hf:org/small@v2", "but not its revision v2")]
    [InlineData("hf:../../etc", "is no name of a model")]
    [InlineData("hf:org/small/more", "is no name of a model")]
    [InlineData("hf:org/small@..", "is no name of a model")]
    [InlineData("hf:", "is no name of a model")]
    public void WhatIsNotThereIsSaid(string name, string expected)
    {
        Fill();
        Assert.Contains(expected, Assert.Throws<UserException>(() => TensorFile.Open(name)).Message);
    }

    [Fact]
    public void AReferenceThatLeadsElsewhereIsRefused()
    {
        Fill();
        File.WriteAllText(Path.Combine(Model, "refs", "main"), "../../../elsewhere");
        Assert.Contains("but not its revision main", Assert.Throws<UserException>(() => TensorFile.Open("hf:org/small")).Message);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public void ALinkOutOfTheCacheIsRefused(string name)
    {
        Fill();
        string outside = _folder.File("outside");
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            SafetensorsWriter.Write(outside, new Dictionary<string, Tensor> { ["w"] = torch.ones(1) });
        }

        string link = Path.Combine(Snapshot, name);
        File.Delete(link);
        File.CreateSymbolicLink(link, outside);
        string expected = $"{link} is a symbolic link to {outside}, outside of the hub cache's folder {_folder.File("hub")}; it is not read.";
        Assert.Equal(expected, Assert.Throws<UserException>(() => TensorFile.Open("hf:org/small")).Message);
        if (name == "model.safetensors")
        {
            Assert.Equal(expected, Assert.Throws<UserException>(() => TensorFile.Open(Snapshot)).Message);
        }

        // Nor through a folder.
        File.Delete(link);
        Directory.CreateSymbolicLink(Path.Combine(Model, "aside"), _folder.FullName);
        File.CreateSymbolicLink(link, Path.Combine("..", "..", "aside", "outside"));
        Assert.Contains("outside of the hub cache's folder", Assert.Throws<UserException>(() => TensorFile.Open("hf:org/small")).Message);
    }

    [Fact]
    public void ALinkToItselfIsRefused()
    {
        Fill();
        string link = Path.Combine(Snapshot, "loop");
        File.CreateSymbolicLink(link, "loop");
        Assert.Contains("leads to itself", Assert.Throws<UserException>(() => TensorFile.Open("hf:org/small")).Message);
    }

    [Fact]
    public void TheCacheMayBeALinkItself()
    {
        Fill();
        Directory.CreateSymbolicLink(_folder.File("linked"), _folder.File("hub"));
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", _folder.File("linked"));
        TensorFile.Open("hf:org/small").Dispose();
    }

    private void Fill()
    {
        Directory.CreateDirectory(Path.Combine(Model, "refs"));
        Directory.CreateDirectory(Snapshot);
        File.WriteAllText(Path.Combine(Model, "refs", "main"), "abc123\n");
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(Model, "blobs", "f00d"), new Dictionary<string, Tensor> { ["a.weight"] = torch.ones(3) });
        File.WriteAllText(Path.Combine(Model, "blobs", "beef"), "{}");
        File.CreateSymbolicLink(Path.Combine(Snapshot, "model.safetensors"), Path.Combine("..", "..", "blobs", "f00d"));
        File.CreateSymbolicLink(Path.Combine(Snapshot, "config.json"), Path.Combine("..", "..", "blobs", "beef"));
    }
}
