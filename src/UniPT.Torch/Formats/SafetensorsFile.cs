using System.Buffers.Binary;

namespace UniPT.Torch;

/// <summary>
/// A safetensors file, mapped into memory: opening reads only the header, and tensors share the file's pages. The
/// file is untrusted: everything the header says is checked before any tensor is made.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly FileMap _map;
    private readonly SafetensorsHeader _header;
    private bool _disposed;

    private SafetensorsFile(string path, FileMap map, SafetensorsHeader header) => (Path, _map, _header) = (path, map, header);

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _header.Entries;

    /// <summary>The <c>__metadata__</c> strings.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserException">It is missing, unreadable or breaks the format; the message says where.</exception>
    public static SafetensorsFile Open(string path)
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

    /// <summary>A tensor over the file's own memory, read-only by convention; it may outlive this object.</summary>
    /// <exception cref="UserException">There is no such tensor, its type is not supported, or its bytes are no values of it.</exception>
    public Tensor Read(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TensorEntry entry = Entries.GetValueOrDefault(name) ?? throw new UserException($"{Path} has no tensor {name}.");
        if (entry.Type is null)
        {
            throw new UserException($"{Path}: the tensor {name} has the type {entry.TypeName}, which is not supported as weights; expected one of {SafetensorsTypes.Known}.");
        }

        if (entry.Type == ScalarType.Bool)
        {
            CheckBooleans(entry);
        }

        return _map.Tensor(entry);
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

    private void CheckBooleans(TensorEntry entry)
    {
        var values = new ReadOnlySpan<byte>(_map.Data + entry.Offset, checked((int)entry.ByteCount));
        if (values.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new UserException($"{Path} is not a valid safetensors file: {entry.Name} has a Boolean that is neither 0 nor 1.");
        }
    }
}
