using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>A file mapped for reading, unmapped when its owner and the last tensor over it are gone.</summary>
internal sealed unsafe class FileMap
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private int _users = 1;

    private FileMap(MemoryMappedFile? file, MemoryMappedViewAccessor? view, byte* data, long length)
    {
        _file = file;
        _view = view;
        Data = data;
        Length = length;
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
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    internal ReadOnlySpan<byte> Bytes(long offset, int count) => new(Data + offset, count);

    /// <summary>A handle for one more user, which <see cref="ReleaseUser"/> gives back.</summary>
    internal nint AddUser()
    {
        Interlocked.Increment(ref _users);
        return GCHandle.ToIntPtr(GCHandle.Alloc(this));
    }

    [UnmanagedCallersOnly]
    internal static void ReleaseUser(nint context)
    {
        GCHandle handle = GCHandle.FromIntPtr(context);
        ((FileMap)handle.Target!).Release();
        handle.Free();
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }
    }
}
