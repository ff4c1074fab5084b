namespace UniPT.Torch;

/// <summary>
/// An array of NumPy (<c>.npy</c>, versions 1 to 3) of floating-point numbers, mapped into memory: opening reads only the header, and rows that nobody asks for stay on
/// the disk, as of the 8 GB of an image collection's region features. The file is untrusted: the header is checked against it before a tensor is made.
/// </summary>
public sealed class NpyFile : IDisposable
{
    private const int HeaderBytes = 1 << 17;
    private readonly FileMap _map;
    private readonly NpyHeader _header;
    private bool _disposed;

    private NpyFile(string path, FileMap map, NpyHeader header) => (Path, _map, _header) = (path, map, header);

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Of the numbers: float32, float64 or float16.</summary>
    public ScalarType Type => _header.Type;

    /// <summary>Sizes, as NumPy gives them; empty for a single number.</summary>
    public IReadOnlyList<long> Shape => _header.Shape;

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserException">It is missing, unreadable or breaks the format, or holds other than floating-point numbers in little-endian order.</exception>
    public static NpyFile Open(string path)
    {
        FileMap map = FileMap.Open(path);
        try
        {
            return new NpyFile(path, map, NpyHeader.Parse(path, map.Bytes(0, (int)Math.Min(map.Length, HeaderBytes)), map.Length));
        }
        catch
        {
            map.Release();
            throw;
        }
    }

    /// <summary>The whole array over the file's own memory, read-only by convention; it may outlive this object.</summary>
    public Tensor Read()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long[] stored = _header.FirstIndexFastest ? [.. _header.Shape.Reverse()] : _header.Shape;
        Tensor values = _map.Read(new TensorEntry("array", Type.ToString(), Type, stored, _header.Start, _header.ByteCount), Path);
        if (!_header.FirstIndexFastest || stored.Length < 2)
        {
            return values;
        }

        using Tensor reversed = values;
        return reversed.permute([.. Enumerable.Range(0, stored.Length).Select(i => (long)(stored.Length - 1 - i))]);
    }

    /// <summary>Some rows as float32, <c>[rows.Count, …]</c>, in memory of their own.</summary>
    /// <param name="rows">Indices along the first dimension, in any order.</param>
    /// <exception cref="UserException">The array has no such row.</exception>
    public Tensor Rows(IReadOnlyList<int> rows)
    {
        long count = Shape.Count > 0 ? Shape[0] : throw new UserException($"{Path} is a single number and has no rows.");
        foreach (int row in rows)
        {
            if (row < 0 || row >= count)
            {
                throw new UserException($"{Path} has the rows 0 to {count - 1}; row {row} is none of them.");
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor index = TensorData.From(rows.Select(row => (long)row).ToArray(), rows.Count);
        return scope.MoveToOuter(Read().index_select(0, index).to(ScalarType.Float32));
    }

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _map.Release();
        }
    }
}
