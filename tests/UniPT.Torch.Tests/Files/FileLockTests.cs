using UniPT.Testing;

namespace UniPT.Torch.Tests.Files;

public sealed class FileLockTests
{
    [Fact]
    public void OneHoldsItAtATime()
    {
        using var folder = new TemporaryFolder();
        using (FileStream? first = FileLock.TryTake(folder.File("lock")))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.TryTake(folder.File("lock")));
        }

        using FileStream? second = FileLock.TryTake(folder.File("lock"));
        Assert.NotNull(second);
    }

    /// <summary>What is no other's lock must not be waited for.</summary>
    [Fact]
    public void AnotherReasonIsNotTakenForALock()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("lock"));
        Assert.Throws<UnauthorizedAccessException>(() => FileLock.TryTake(folder.File("lock")));
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryTake(folder.File("nowhere", "lock")));
    }
}
