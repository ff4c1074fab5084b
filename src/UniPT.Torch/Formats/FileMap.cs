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

    /// <summary>A tensor over the file's own memory, which keeps the file mapped; a copy where that is not aligned to the tensor's elements.</summary>
    /// <param name="entry">One whose type this library has.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="UserException">Its bytes are no values of its type.</exception>
    internal Tensor Read(TensorEntry entry, string path)
    {
        TorchLibrary.EnsureLoaded();
        ScalarType type = entry.Type!.Value;
        if (entry.ByteCount == 0)
        {
            // There is no memory to share, and its address may be the beginning of something else.
            return torch.empty(entry.Shape, type);
        }

        long count = entry.Strides is { } strides ? 1 + entry.Shape.Zip(strides, (size, stride) => (size - 1) * stride).Sum() : entry.ByteCount / type.Size();
        if (type == ScalarType.Bool && new ReadOnlySpan<byte>(Data + entry.Offset, checked((int)count)).ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new UserException($"{path} is damaged: the tensor {entry.Name} has a Boolean that is neither 0 nor 1.");
        }

        bool aligned = (nint)(Data + entry.Offset) % type.Size() == 0;
        if (entry.Strides is null)
        {
            return aligned ? Shared(entry.Offset, entry.Shape, type) : Copy(entry.Offset, entry.Shape, type);
        }

        using Tensor span = aligned ? Shared(entry.Offset, [count], type) : Copy(entry.Offset, [count], type);
        return span.as_strided(entry.Shape, entry.Strides);
    }

    private Tensor Copy(long offset, long[] shape, ScalarType type)
    {
        Tensor copy = TorchErrors.Explain(() => torch.empty(shape, type));
        long bytes = copy.ByteCount();
        Buffer.MemoryCopy(Data + offset, TorchSharpCalls.Data(copy.Handle), bytes, bytes);
        return copy;
    }

    private Tensor Shared(long offset, long[] shape, ScalarType type)
    {
        lock (Mapped)
        {
            _users++;
        }

        nint handle;
        fixed (long* sizes = shape)
        {
            handle = TorchSharpCalls.NewTensor(
                Data + offset, &ReleaseUser, sizes, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, 0, 0);
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
