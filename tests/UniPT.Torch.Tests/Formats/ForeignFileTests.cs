using System.Text;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

public sealed class ForeignFileTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "PK\u0003\u0004\0\0\0\0archive/data.pkl", "a checkpoint of PyTorch; here a safetensors file is expected" },
        { "PK\u0003\u0004\0\0\0\0weights.npy", "a file of NumPy arrays" },
        { "PK\u0003\u0004\0\0\0\0a.txt", "a zip" },
        { "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "a pickle, as PyTorch writes checkpoints" },
        { "\u0008\u0007\u0012\u0007pytorch", "an ONNX model" },
        { "GGUF\u0003\0\0\0", "a GGUF file" },
        { "\u0093NUMPY\u0001\0", "an array of NumPy" },
        { "\u0089HDF\r\n\u001a\n", "an HDF5 file" },
        { "\u001f\u008b\u0008\0\0\0\0\0", "compressed with gzip" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS and not the file itself; fetch that with: git lfs pull" },
        { "\n<!DOCTYPE html>\n<html>", "a web page" },
        { "<HTML><body>", "a web page" },
        { "{\"metadata\": {}, \"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}", "the index of weights that are split over several files" },
        { "{\"hidden_size\": 768}", "a JSON file" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void WhatIsGivenForWeightsIsNamed(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));

        string message = Assert.Throws<UserException>(() => SafetensorsFile.Open(path)).Message;

        Assert.StartsWith($"{path} is {expected}", message);
        Assert.EndsWith(".", message);
    }

    [Fact]
    public void AFolderIsNamedAsOne()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("it is a folder", Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.FullName)).Message);
    }
}
