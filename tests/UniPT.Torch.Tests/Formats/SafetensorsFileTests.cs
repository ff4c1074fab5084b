using System.Buffers.Binary;
using System.Text;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> tensors = Examples();
        SafetensorsWriter.Write(folder.File("a.safetensors"), tensors, new Dictionary<string, string> { ["who"] = "wir „beide“" });
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a.safetensors"));
        Assert.Equal("wir „beide“", file.Metadata["who"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in tensors)
        {
            Tensor read = file.Read(name);
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.ToBytes(), read.ToBytes());
        }
    }

    [Fact]
    public void ALinkIsReadAsItsTarget()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(folder.File("blob"), Examples());
        File.CreateSymbolicLink(folder.File("model.safetensors"), "blob");
        File.CreateSymbolicLink(folder.File("dangling.safetensors"), "gone");
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("model.safetensors"));
        Assert.Equal(Examples().Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("dangling", Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.File("dangling.safetensors"))).Message);
    }

    [Fact]
    public void TheSameTensorsGiveTheSameBytesWhateverTheirOrder()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> tensors = Examples();
        SafetensorsWriter.Write(folder.File("a"), tensors);
        SafetensorsWriter.Write(folder.File("b"), tensors.Reverse().ToDictionary());
        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
    }

    [Fact]
    public void TensorsOutliveTheFileObjectAndTheMapGoesWithTheLastOne()
    {
        using var folder = new TemporaryFolder();
        using (torch.NewDisposeScope())
        {
            SafetensorsWriter.Write(folder.File("a"), Examples());
            Tensor read;
            Tensor again;
            using (SafetensorsFile file = SafetensorsFile.Open(folder.File("a")))
            {
                (read, again) = (file.Read("f32"), file.Read("f32"));
            }

            read.Dispose();
            Assert.Equal([1f, 2, 3, 4, 5, 6], again.data<float>().ToArray());
            Assert.True(!OperatingSystem.IsLinux() || Maps().Contains(folder.File("a"), StringComparison.Ordinal));
        }

        Assert.DoesNotContain(folder.File("a"), Maps());
    }

    [Fact]
    public void ReadingTakesNoMemoryOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(folder.File("a"), Examples());
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));
        long before = TensorMemory.Current();
        Tensor read = file.Read("i64");
        Assert.Equal(before, TensorMemory.Current());
        Assert.Equal(long.MaxValue, read[1, 0].item<long>());
    }

    [Fact]
    public void ATensorOnItsHeadIsWrittenInOrder()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor turned = torch.arange(Scalars.Of(0), Scalars.Of(6), Scalars.Of(1), ScalarType.Float32).reshape(2, 3).t();
        turned.requires_grad_(true);
        SafetensorsWriter.Write(folder.File("a"), new Dictionary<string, Tensor> { ["t"] = turned });
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));
        Tensor read = file.Read("t");
        Assert.Equal([3L, 2], read.shape);
        Assert.Equal([0f, 3, 1, 4, 2, 5], read.data<float>().ToArray());
        Assert.False(read.requires_grad);
    }

    [Fact]
    public void ATypeThatTheFormatLacksIsNamed()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["c"] = torch.zeros(2, ScalarType.ComplexFloat32) };
        Assert.Contains("ComplexFloat32", Assert.Throws<UserException>(() => SafetensorsWriter.Write(folder.File("a"), tensors)).Message);
        Assert.Empty(Directory.GetFiles(folder.FullName));
    }

    [Theory]
    [InlineData("", "it has 0 bytes")]
    [InlineData("\u0001\u0002", "it has 2 bytes")]
    public void FilesShorterThanTheLengthFieldAreRefused(string content, string problem) =>
        Refused(Encoding.Latin1.GetBytes(content), problem);

    [Theory]
    [InlineData("[]", 0, "not a JSON object")]
    [InlineData("{\"a\":", 0, "not the JSON")]
    [InlineData("{\"a\":3}", 0, "the entry of a is not an object")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "lacks dtype, shape or data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "has the type F99")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "its shape [2] needs another number")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "a number that is no size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "a number that is no size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0, "needs another number")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 0, "lies outside the file")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "its tensors end at byte")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "a gap or an overlap before a")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6, "a gap or an overlap before b")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "names the tensor a twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4, "unknown or repeated key x")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "is not a string")]
    [InlineData("{\"a\":{\"dtype\":\"BF16\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,2]}}", 2, "more than 16 dimensions")]
    public void BrokenHeadersAreRefused(string header, int dataBytes, string problem)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        Refused(bytes, problem);
    }

    [Fact]
    public void AHeaderLengthBeyondTheFileOrTheLimitIsRefused()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        Refused(bytes, "its header claims 18446744073709551615 bytes");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 57);
        Refused(bytes, "its header claims 57 bytes");
    }

    [Fact]
    public void ABooleanThatIsNeitherZeroNorOneIsRefused()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(folder.File("a"), new Dictionary<string, Tensor> { ["flag"] = torch.tensor(new[] { true, false }) });
        byte[] bytes = File.ReadAllBytes(folder.File("a"));
        bytes[^1] = 7;
        File.WriteAllBytes(folder.File("a"), bytes);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));
        Assert.Contains("neither 0 nor 1", Assert.Throws<UserException>(() => file.Read("flag")).Message);
    }

    [Fact]
    public void AMissingFileAFolderAndAMissingTensorAreNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("nowhere", Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.File("nowhere"))).Message);
        Assert.Contains(folder.FullName, Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.FullName)).Message);
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(folder.File("a"), Examples());
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));
        Assert.Contains("no tensor other", Assert.Throws<UserException>(() => file.Read("other")).Message);
    }

    internal static Dictionary<string, Tensor> Examples() => new()
    {
        ["f32"] = torch.tensor(new[] { 1f, 2, 3, 4, 5, 6 }).reshape(2, 3),
        ["f16"] = torch.tensor(new[] { 1f, -2, 0.5f }).to(ScalarType.Float16),
        ["bf16"] = torch.tensor(new[] { 1f, -2 }).to(ScalarType.BFloat16),
        ["i64"] = torch.tensor(new[] { 1L, long.MaxValue }).reshape(2, 1),
        ["i32"] = torch.tensor(new[] { 1, int.MinValue, 3 }),
        ["i16"] = torch.tensor(new short[] { 1, short.MinValue }),
        ["i8"] = torch.tensor(new sbyte[] { 1, sbyte.MinValue, 3 }),
        ["u8"] = torch.tensor(new byte[] { 0, 255, 3 }),
        ["bool"] = torch.tensor(new[] { true, false, true }),
        ["scalar"] = torch.tensor(3.5),
        ["empty"] = torch.zeros(2, 0, 3),
    };

    [Theory]
    [InlineData("F8_E4M3", 3)]
    [InlineData("F8_E5M2", 3)]
    [InlineData("F8_E8M0", 3)]
    [InlineData("U16", 6)]
    [InlineData("U32", 12)]
    [InlineData("U64", 24)]
    [InlineData("C64", 24)]
    public void TypesThatAreNotReadAreListedAllTheSame(string type, int bytes)
    {
        using var folder = new TemporaryFolder();
        byte[] header = Encoding.UTF8.GetBytes($"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[3],\"data_offsets\":[0,{bytes}]}}}}");
        File.WriteAllBytes(folder.File("a"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[bytes]]);

        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));

        Assert.Equal((type, null, bytes), (file.Entries["a"].TypeName, file.Entries["a"].Type, (int)file.Entries["a"].ByteCount));
        Assert.Contains($"the tensor a has the type {type}, which is not supported as weights", Assert.Throws<UserException>(() => file.Read("a")).Message);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(3, -1)]
    public void TypesOfHalfABytePackTwoAndAreNotCutWithinOne(int elements, int bytes)
    {
        using var folder = new TemporaryFolder();
        byte[] header = Encoding.UTF8.GetBytes($"{{\"a\":{{\"dtype\":\"F4\",\"shape\":[{elements}],\"data_offsets\":[0,2]}}}}");
        File.WriteAllBytes(folder.File("a"), [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0]);
        if (bytes < 0)
        {
            Assert.Contains("needs another number", Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.File("a"))).Message);
            return;
        }

        using SafetensorsFile file = SafetensorsFile.Open(folder.File("a"));
        Assert.Equal(bytes, file.Entries["a"].ByteCount);
    }

    private static void Refused(byte[] bytes, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("broken.safetensors"), bytes);
        string message = Assert.Throws<UserException>(() => SafetensorsFile.Open(folder.File("broken.safetensors"))).Message;
        Assert.Contains("broken.safetensors", message);
        Assert.Contains(problem, message);
    }

    /// <summary>The files that this process has mapped; nothing where the system does not tell.</summary>
    private static string Maps() => OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/maps") : "";
}
