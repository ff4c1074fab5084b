using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>That PyTorch itself reads what is written here was tried with <c>tests/fixtures/pytorch/check.py</c>.</summary>
public sealed class PyTorchWriterTests
{
    [Fact]
    public void WhatIsWrittenIsReadBackInEveryType()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile source = TensorFile.Open(PyTorchFileTests.Fixture("layouts.pt"));
        Dictionary<string, Tensor> tensors = source.Entries.Values.Where(entry => entry.Type is not null).ToDictionary(entry => entry.Name, entry => source.Read(entry.Name));
        Assert.True(tensors.Count > 15);
        Write(folder.File("a.pth"), tensors);
        Write(folder.File("b.pth"), tensors);
        Assert.Equal(File.ReadAllBytes(folder.File("a.pth")), File.ReadAllBytes(folder.File("b.pth")));
        using TensorFile read = TensorFile.Open($"{folder.File("a.pth")}#states/1");
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), read.Entries.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in tensors)
        {
            Tensor back = read.Read(name);
            Assert.Equal(tensor.dtype, back.dtype);
            Assert.Equal(tensor.shape, back.shape);
            Assert.Equal(tensor.ToBytes(), back.ToBytes());
            Assert.Equal(0, read.Entries[name].Offset % back.element_size());
        }

        // For the script beside the fixtures.
        if (Environment.GetEnvironmentVariable("UNIPT_WRITTEN") is { } place)
        {
            File.Copy(folder.File("a.pth"), place, overwrite: true);
        }
    }

    [Fact]
    public void OtherValuesAndTypesAreRefusedAndNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Throws<ArgumentException>(() => PyTorchWriter.Write(folder.File("a.pth"), new Dictionary<string, object> { ["a"] = 'x' }));
        Assert.Contains(
            "cannot hold tensors of the type ComplexFloat32",
            Assert.Throws<UserException>(() => PyTorchWriter.Write(folder.File("a.pth"), new Dictionary<string, object> { ["a"] = torch.zeros(1, ScalarType.ComplexFloat32) })).Message);
        Assert.Empty(Directory.GetFiles(folder.FullName));
    }

    private static void Write(string path, Dictionary<string, Tensor> tensors) => PyTorchWriter.Write(path, new Dictionary<string, object>
    {
        ["states"] = new object[] { new Dictionary<string, Tensor> { ["only"] = tensors["scalar"] }, tensors },
        ["epoch"] = 3L,
        ["large"] = 1L << 40,
        ["rate"] = 0.125,
        ["best"] = true,
        ["note"] = "größer",
    });
}
