using System.Diagnostics;
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

    [Fact]
    public void ALinkStaysAndItsTargetIsReplaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("target"), "old");
        File.CreateSymbolicLink(folder.File("link"), "target");
        File.CreateSymbolicLink(folder.File("link to link"), folder.File("link"));
        File.CreateSymbolicLink(folder.File("to nothing yet"), "sub/new");

        AtomicFile.WriteText(folder.File("link to link"), "new");
        AtomicFile.WriteText(folder.File("to nothing yet"), "first");

        Assert.Equal("target", new FileInfo(folder.File("link")).LinkTarget);
        Assert.Equal(folder.File("link"), new FileInfo(folder.File("link to link")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder.File("target")));
        Assert.Null(new FileInfo(folder.File("target")).LinkTarget);
        Assert.Equal("first", File.ReadAllText(folder.File("sub/new")));
    }

    [Fact]
    public async Task APipeIsWrittenThrough()
    {
        using var folder = new TemporaryFolder();
        string pipe = folder.File("pipe");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        Task<string> reader = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.RequireWritable(pipe);
        AtomicFile.WriteText(pipe, "through");

        Assert.Equal("through", await reader);
        Assert.Equal([pipe], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void ADeviceStaysOne()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), "/dev/null");

        AtomicFile.WriteText("/dev/null", "gone");
        AtomicFile.WriteText(folder.File("link"), "gone");

        using FileStream device = File.OpenRead("/dev/null");
        Assert.Equal(-1, device.ReadByte());
        Assert.Contains("No space left", Assert.Throws<UserException>(() => AtomicFile.WriteText("/dev/full", "x")).Message);
    }

    [Fact]
    public void AnEmptyFileIsReplacedLikeAnyOther()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.txt");
        File.WriteAllText(path, "");
        using FileStream before = File.OpenRead(path);

        AtomicFile.WriteText(path, "new");

        Assert.Equal(-1, before.ReadByte());
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void WhatCannotBeWrittenIsSaidBeforeAndNothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "x");

        AtomicFile.RequireWritable(folder.File("a.json"));
        AtomicFile.RequireWritable(folder.File("file"));
        AtomicFile.RequireWritable(folder.File("no/such/folder/a.json"));
        AtomicFile.RequireWritable("/dev/null");

        Assert.Contains("it is a folder", Refused(folder.FullName));
        Assert.Contains("file/a.json", Refused(folder.File("file/a.json")));
        Assert.Contains("/proc/a.json", Refused("/proc/a.json"));
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.FullName));
    }

    private static string Refused(string path) => Assert.Throws<UserException>(() => AtomicFile.RequireWritable(path)).Message;
}
