using UniPT.Testing;

namespace UniPT.Torch.Tests.Files;

public sealed class AtomicFileTests
{
    [Fact]
    public void AFailureInTheMiddleLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("sub/a.txt");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.File("sub")));
    }

    [Fact]
    public void AFullDiskIsAUserErrorThatNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.txt");
        string message = Assert.Throws<UserException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device"))).Message;
        Assert.Contains("a.txt", message);
        Assert.Contains("No space left on device", message);
        Assert.Empty(Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void AFileInTheWayOfAFolderIsAUserError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        Assert.Throws<UserException>(() => AtomicFile.WriteText(folder.File("file/inside.txt"), "x"));
    }
}
