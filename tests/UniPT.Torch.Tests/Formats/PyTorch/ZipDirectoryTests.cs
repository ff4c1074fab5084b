using System.IO.Compression;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats.PyTorch;

public sealed class ZipDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("a.pt");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheFieldsOfLargeFilesAreKnown(bool wide)
    {
        System.IO.File.WriteAllBytes(File, ZipBytes.Of(wide, ("data.pkl", Pickles.State), ("data/0", [0, 0, 128, 63, 0, 0, 0, 64])));
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile file = TensorFile.Open(File);
        Assert.Equal([1f, 2], file.Read("w").ToArray<float>());
    }

    [Fact]
    public void ACompressedPickleIsReadAndCompressedTensorsAreSaid()
    {
        Write(CompressionLevel.NoCompression);
        using DisposeScope scope = torch.NewDisposeScope();
        using (TensorFile file = TensorFile.Open(File))
        {
            Assert.Equal([0f, 0], file.Read("w").ToArray<float>());
        }

        Write(CompressionLevel.Optimal);
        Assert.Contains("has compressed tensors", Assert.Throws<UserException>(() => TensorFile.Open(File)).Message);
    }

    [Fact]
    public void AMissingStorageIsNamed()
    {
        ZipBytes.Write(File, ("a/data.pkl", Pickles.State));
        Assert.Contains("lacks the storage 0", Assert.Throws<UserException>(() => TensorFile.Open(File)).Message);
    }

    [Fact]
    public void AnEntryTwiceIsRefused()
    {
        ZipBytes.Write(File, ("a/data.pkl", Pickles.State), ("a/data/0", new byte[8]), ("a/data/0", new byte[8]));
        Assert.Contains("the entry a/data/0 twice", Assert.Throws<UserException>(() => TensorFile.Open(File)).Message);
    }

    [Theory]
    [InlineData("a.npy", "is a file of NumPy arrays")]
    [InlineData("readme.txt", "is a zip")]
    public void AnotherZipIsNamed(string entry, string expected)
    {
        ZipBytes.Write(File, (entry, new byte[3]));
        Assert.Contains(expected, Assert.Throws<UserException>(() => TensorFile.Open(File)).Message);
    }

    private void Write(CompressionLevel tensors)
    {
        System.IO.File.Delete(File);
        using ZipArchive zip = ZipFile.Open(File, ZipArchiveMode.Create);
        Add(zip, "a/data.pkl", Pickles.State, CompressionLevel.Optimal);
        Add(zip, "a/data/0", new byte[8], tensors);
    }

    private static void Add(ZipArchive zip, string name, byte[] content, CompressionLevel level)
    {
        using Stream stream = zip.CreateEntry(name, level).Open();
        stream.Write(content);
    }
}
