namespace UniPT.Torch;

/// <summary>
/// Writes a safetensors file whose tensors arrive row by row, so that none has to be in memory at once. The file
/// takes its name when it is complete.
/// </summary>
public sealed class SafetensorsBuilder : IDisposable
{
    private readonly string _path;
    private readonly string _beside;
    private readonly FileStream _stream;
    private readonly Dictionary<string, (TensorEntry Entry, long Written)> _progress;

    /// <summary>Begins a file with tensors of known types and shapes.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public SafetensorsBuilder(string path, IReadOnlyList<(string Name, ScalarType Type, long[] Shape)> tensors)
    {
        _path = System.IO.Path.GetFullPath(path);
        _beside = $"{_path}.{Environment.ProcessId}.tmp";
        byte[] header = SafetensorsLayout.Write(tensors, null, out IReadOnlyList<TensorEntry> entries);
        _progress = entries.ToDictionary(entry => entry.Name, entry => (entry, 0L), StringComparer.Ordinal);
        _stream = Guarded(() =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
            var stream = new FileStream(_beside, FileMode.Create, FileAccess.Write, FileShare.None);
            stream.Write(header);
            return stream;
        });
    }

    /// <summary>Adds rows to a tensor, in the order of its first dimension.</summary>
    public void Append(string name, Tensor rows)
    {
        (TensorEntry entry, long written) = _progress[name];
        long count = rows.ByteCount();
        if (rows.dtype != entry.Type || count > entry.ByteCount - written)
        {
            throw new ArgumentException($"a {rows.dtype} tensor [{string.Join(", ", rows.shape)}] does not fit into {name}", nameof(rows));
        }

        Guarded(() =>
        {
            long position = entry.Offset + written;
            TensorData.WriteTo(rows, piece =>
            {
                RandomAccess.Write(_stream.SafeFileHandle, piece, position);
                position += piece.Length;
            });
            return true;
        });
        _progress[name] = (entry, written + count);
    }

    /// <summary>Gives the complete file its name.</summary>
    /// <exception cref="InvalidOperationException">Rows are missing.</exception>
    public void Complete()
    {
        foreach ((TensorEntry entry, long written) in _progress.Values)
        {
            if (written != entry.ByteCount)
            {
                throw new InvalidOperationException($"{entry.Name} has {written} of {entry.ByteCount} bytes");
            }
        }

        _stream.Dispose();
        Guarded(() =>
        {
            File.Move(_beside, _path, overwrite: true);
            return true;
        });
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (File.Exists(_beside))
        {
            File.Delete(_beside);
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write {_path}: {error.Message}", error);
        }
    }
}
