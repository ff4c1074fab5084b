using System.Text;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

public sealed class NpyFileTests
{
    private static readonly string Fixtures = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "npy");

    /// <summary>Arrays that NumPy wrote, of the numbers i / 8 in row-major order.</summary>
    [Theory]
    [InlineData("version1", ScalarType.Float32, new long[] { 2, 3, 4 })]
    [InlineData("version2_fortran_double", ScalarType.Float64, new long[] { 2, 3, 4 })]
    [InlineData("version3_half", ScalarType.Float16, new long[] { 2, 3, 4 })]
    [InlineData("fortran", ScalarType.Float32, new long[] { 2, 3, 4 })]
    [InlineData("vector", ScalarType.Float32, new long[] { 24 })]
    public void NumPysArraysAreRead(string name, ScalarType type, long[] shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using NpyFile file = Open(name);
        Assert.Equal(type, file.Type);
        Assert.Equal(shape, file.Shape);
        Tensor all = file.Read();
        Assert.Equal(shape, all.shape);
        Assert.Equal(type, all.dtype);
        float[] numbers = [.. Enumerable.Range(0, 24).Select(i => i / 8f)];
        Assert.Equal(numbers, all.to(ScalarType.Float32).contiguous().ToArray<float>());
        int size = 24 / (int)shape[0];
        Assert.Equal([.. numbers[size..(2 * size)], .. numbers[..size]], file.Rows([1, 0]).ToArray<float>());
        Assert.Equal(ScalarType.Float32, file.Rows([0]).dtype);
    }

    [Fact]
    public void NothingAndOneNumberAreArraysToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using NpyFile empty = Open("empty");
        Assert.Equal([0, 5], empty.Read().shape);
        using NpyFile scalar = Open("scalar");
        Assert.Empty(scalar.Shape);
        Assert.Equal(1.5, scalar.Read().Item());
        Assert.EndsWith("scalar.npy is a single number and has no rows.", Assert.Throws<UserException>(() => scalar.Rows([0])).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void ARowThatIsNotThereIsRefused(int row)
    {
        using NpyFile file = Open("version1");
        Assert.EndsWith($"has the rows 0 to 1; row {row} is none of them.", Assert.Throws<UserException>(() => file.Rows([0, row])).Message);
    }

    /// <summary>Pages that nobody asked for are not read, so a file larger than memory is no matter: this one has a hole of 3 GB.</summary>
    [Fact]
    public void RowsOfALargeFileTakeTheirOwnMemoryOnly()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder.File("features.npy");
        const long Rows = 10_000;
        byte[] header = Header("{'descr': '<f4', 'fortran_order': False, 'shape': (10000, 36, 2048), }");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(header);
            stream.SetLength(header.Length + (Rows * 36 * 2048 * 4));
            stream.Seek(-4, SeekOrigin.End);
            stream.Write(BitConverter.GetBytes(7f));
        }

        using NpyFile file = NpyFile.Open(path);
        long before = TensorMemory.Current();
        Tensor rows = file.Rows([9_999, 3]);
        Assert.Equal([2, 36, 2048], rows.shape);
        Assert.Equal((7, 0), (rows[0, 35, 2047].Item(), rows[1, 35, 2047].Item()));
        Assert.InRange(TensorMemory.Current() - before, 0, 4 * 36 * 2048 * 4);
    }

    [Fact]
    public void TensorsOutliveTheFile()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor read;
        using (NpyFile file = Open("version1"))
        {
            read = file.Read();
        }

        Assert.Equal(23 / 8.0, read.max().Item());
    }

    [Theory]
    [InlineData("objects", "holds objects of Python, which are programs and not read; expected floating-point numbers in little-endian order")]
    [InlineData("big_endian", "holds numbers in big-endian order (>f4); expected")]
    [InlineData("integers", "holds values of the type <i8; expected")]
    [InlineData("records", "holds records of several fields; expected")]
    public void OtherArraysAreRefused(string name, string expected) => Assert.Contains(expected, Assert.Throws<UserException>(() => Open(name)).Message);

    public static TheoryData<string, string> Broken => new()
    {
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", "it has 8 bytes of numbers, its shape [3, 2] of Float32 needs 24" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "it has 8 bytes of numbers, its shape [1] of Float32 needs 4" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "its shape has the size -2" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "its shape has the size 99999999999999999999" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "its shape [4611686018427387904, 4] has more numbers than can be counted" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2), }", "its shape has 17 dimensions, the limit is 16" },
        { "{'descr': '<f4', 'shape': (2,), }", "its header has no fortran_order that can be read: {'descr': '<f4', 'shape': (2,), }" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,), }", "its header has more than one shape that can be read" },
        { "no dictionary", "its header has no descr that can be read: no dictionary" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void BrokenHeadersAreRefused(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), [.. Header(header), .. new byte[8]]);
        var error = Assert.Throws<UserException>(() => NpyFile.Open(folder.File("a.npy")));
        Assert.Equal($"{folder.File("a.npy")} is not a valid array of NumPy: {expected}", error.Message[..Math.Min(error.Message.Length, error.Message.IndexOf(expected, StringComparison.Ordinal) + expected.Length)]);
    }

    [Theory]
    [InlineData(new byte[0], "is not an array of NumPy (.npy).")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0, 0 }, "it is a zip, such as an .npz; unpack the array.")]
    [InlineData(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 4, 0, 0, 0, 0, 0 }, "its version is 4.0; expected 1.0, 2.0 or 3.0")]
    [InlineData(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 255, 255, 255, 255 }, "its header claims 4294967295 bytes, the file has 12 and the limit is 65536")]
    [InlineData(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 200, 0, 32 }, "its header claims 200 bytes, the file has 11")]
    public void OtherFilesAreRefused(byte[] content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), content);
        Assert.Contains(expected, Assert.Throws<UserException>(() => NpyFile.Open(folder.File("a.npy"))).Message);
    }

    /// <summary>However long the part is that is left, a cut file is refused and never read beyond its end.</summary>
    [Fact]
    public void CutFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Path.Combine(Fixtures, "version1.npy"));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("a.npy"), whole[..length]);
            Assert.Throws<UserException>(() => NpyFile.Open(folder.File("a.npy")));
        }

        Assert.Contains("Cannot read", Assert.Throws<UserException>(() => NpyFile.Open(folder.File("none.npy"))).Message);
    }

    [Fact]
    public void ReadingLeavesNothingBehind()
    {
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 20; i++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using NpyFile file = Open("fortran");
            file.Read();
            file.Rows([1]);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    private static NpyFile Open(string name) => NpyFile.Open(Path.Combine(Fixtures, $"{name}.npy"));

    /// <summary>Of version 1, padded to 64 bytes as NumPy does.</summary>
    private static byte[] Header(string dictionary)
    {
        int length = ((10 + dictionary.Length + 1 + 63) / 64 * 64) - 10;
        return [0x93, .. "NUMPY\u0001\0"u8, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1) + "\n")];
    }
}
