using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>A file mapped for reading, unmapped when its owner and the last tensor over it are gone.</summary>
internal sealed unsafe class FileMap
{
    /// <summary>The maps that are in use; libtorch gives a tensor's memory back by its address alone.</summary>
    private static readonly List<FileMap> Mapped = [];
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private int _users = 1;

    private FileMap(MemoryMappedFile? file, MemoryMappedViewAccessor? view, byte* data, long length)
    {
        _file = file;
        _view = view;
        Data = data;
        Length = length;
        lock (Mapped)
        {
            Mapped.Add(this);
        }
    }

    internal byte* Data { get; }

    internal long Length { get; }

    /// <exception cref="UserException">The file does not exist or cannot be read.</exception>
    internal static FileMap Open(string path)
    {
        try
        {
            // The stream's length: that of a symbolic link, as model caches have them, is not its target's.
            using FileStream stream = File.OpenRead(path);
            long length = stream.Length;
            if (length == 0)
            {
                return new FileMap(null, null, null, 0);
            }

            var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            MemoryMappedViewAccessor view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* data = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref data);
            return new FileMap(file, view, data, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {(Directory.Exists(path) ? "it is a folder; expected a file." : error.Message)}", error);
        }
    }

    internal ReadOnlySpan<byte> Bytes(long offset, int count) => new(Data + offset, count);

    /// <summary>A tensor over the file's own memory, which keeps the file mapped.</summary>
    /// <param name="entry">One whose type this library has.</param>
    internal Tensor Tensor(TensorEntry entry)
    {
        TorchLibrary.EnsureLoaded();
        ScalarType type = entry.Type!.Value;
        if (entry.ByteCount == 0)
        {
            // There is no memory to share, and its address may be the beginning of something else.
            return torch.empty(entry.Shape, type);
        }

        lock (Mapped)
        {
            _users++;
        }

        nint handle;
        fixed (long* sizes = entry.Shape)
        {
            handle = TorchSharpCalls.NewTensor(
                Data + entry.Offset, &ReleaseUser, sizes, entry.Shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, 0, 0);
        }

        if (handle == 0)
        {
            Release();
            torch.CheckForErrors();
        }

        return torch.Tensor.UnsafeCreateTensor(handle);
    }

    internal void Release()
    {
        lock (Mapped)
        {
            if (--_users > 0)
            {
                return;
            }

            Mapped.Remove(this);
        }

        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }
    }

    // Called by libtorch with the address of a tensor that nobody uses any more, on any thread.
    [UnmanagedCallersOnly]
    private static void ReleaseUser(void* data)
    {
        try
        {
            FileMap? map;
            lock (Mapped)
            {
                map = Mapped.Find(map => data >= map.Data && data < map.Data + map.Length);
            }

            map?.Release();
        }
        catch (Exception)
        {
            // Nothing above could catch it, and a file that stays mapped harms nobody.
        }
    }
}
