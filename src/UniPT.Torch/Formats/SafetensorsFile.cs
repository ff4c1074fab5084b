using System.Buffers.Binary;

namespace UniPT.Torch;

/// <summary>
/// A safetensors file, mapped into memory: opening reads only the header, and tensors share the file's pages. The
/// file is untrusted: everything the header says is checked before any tensor is made.
/// </summary>
public sealed class SafetensorsFile : TensorFile
{
    private readonly FileMap _map;
    private readonly SafetensorsHeader _header;
    private bool _disposed;

    private SafetensorsFile(string path, FileMap map, SafetensorsHeader header) => (Path, _map, _header) = (path, map, header);

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override string Format => "a safetensors file";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => _header.Entries;

    /// <summary>The <c>__metadata__</c> strings.</summary>
    public override IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    internal override IReadOnlyList<string> Files => [Path];

    /// <summary>Opens a safetensors file, and nothing else.</summary>
    /// <exception cref="UserException">It is missing, unreadable or breaks the format; the message says where.</exception>
    public static new SafetensorsFile Open(string path)
    {
        FileMap map = FileMap.Open(path);
        try
        {
            return new SafetensorsFile(path, map, ReadHeader(path, map));
        }
        catch
        {
            map.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _map.Read(Require(name, SafetensorsTypes.Known), Path);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _map.Release();
        }
    }

    private static SafetensorsHeader ReadHeader(string path, FileMap map)
    {
        if (map.Length < 8)
        {
            throw new UserException($"{path} is not a valid safetensors file: it has {map.Length} bytes, the header alone needs 8.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(map.Bytes(0, 8));
        if (length > SafetensorsHeader.MaxBytes || (long)length > map.Length - 8)
        {
            if (ForeignFile.Describe(map.Bytes(0, (int)Math.Min(map.Length, int.MaxValue))) is { } other)
            {
                throw new UserException($"{path} is {other}.");
            }

            throw new UserException(
                $"{path} is not a valid safetensors file: its header claims {length} bytes, the file has {map.Length} and the limit is {SafetensorsHeader.MaxBytes}.");
        }

        return SafetensorsHeader.Parse(path, map.Bytes(8, (int)length), map.Length);
    }
}
