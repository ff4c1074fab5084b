using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

public sealed class SafetensorsBuilderTests
{
    [Fact]
    public void RowsArriveInPieces()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.safetensors");
        using (var builder = new SafetensorsBuilder(path, [("x", ScalarType.Float32, [3, 2]), ("y", ScalarType.Int64, [2])]))
        {
            builder.Append("x", torch.tensor(new[] { 1f, 2 }).reshape(1, 2));
            builder.Append("y", torch.tensor(new[] { 7L, 8 }));
            builder.Append("x", torch.tensor(new[] { 3f, 4, 5, 6 }).reshape(2, 2));
            Assert.False(File.Exists(path));
            builder.Complete();
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Read("x").data<float>().ToArray());
        Assert.Equal([7L, 8], file.Read("y").data<long>().ToArray());
        Assert.Equal([path], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void IncompleteOrOverfullTensorsAreErrorsAndLeaveNoFile()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        using (var builder = new SafetensorsBuilder(folder.File("a"), [("x", ScalarType.Float32, [2, 2])]))
        {
            builder.Append("x", torch.ones(1, 2));
            Assert.Throws<InvalidOperationException>(builder.Complete);
            Assert.Throws<ArgumentException>(() => builder.Append("x", torch.ones(2, 2)));
            Assert.Throws<ArgumentException>(() => builder.Append("x", torch.ones(1, 2, ScalarType.Float64)));
        }

        Assert.Empty(Directory.GetFiles(folder.FullName));
    }
}
