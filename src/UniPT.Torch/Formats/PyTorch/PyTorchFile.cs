namespace UniPT.Torch;

/// <summary>
/// A file that <c>torch.save</c> or <c>torch.jit.save</c> wrote, mapped into memory: opening reads its pickle as data (<see cref="PickleReader"/>), and
/// tensors share the file's pages. The file is untrusted: every tensor's place is checked before any is made.
/// </summary>
internal sealed class PyTorchFile : TensorFile
{
    // A tensor may repeat its storage's elements, but not make much of little.
    private const int MostRepeated = 1 << 24;
    private readonly string _file;
    private readonly FileMap _map;
    private readonly Dictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);
    private bool _disposed;

    private PyTorchFile(string file, FileMap map, PyTorchContent content, ChosenState state)
    {
        (_file, _map, Format) = (file, map, content.Format);
        Path = state.Entry.Length > 0 ? $"{file}#{state.Entry}" : file;
        foreach ((string name, PickledTensor tensor) in state.Tensors)
        {
            _entries.Add(name, Entry(name, tensor, content.Place(tensor.Storage)));
        }
    }

    public override string Path { get; }

    public override string Format { get; }

    public override IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    internal override IReadOnlyList<string> Files => [_file];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">Which of the states in it; null for the one that is meant where none is named.</param>
    /// <param name="rest">What of that is not a place in the file, and so the beginning of names.</param>
    /// <exception cref="UserException">It is broken, holds something else than tensors and containers, or no state or several.</exception>
    internal static PyTorchFile Open(string path, string? entry, out string rest)
    {
        FileMap map = FileMap.Open(path);
        try
        {
            PyTorchContent content = map.Length >= 2 && map.Bytes(0, 2).SequenceEqual("PK"u8) ? PyTorchContent.OfZip(path, map) : PyTorchContent.OfPickles(path, map);
            ChosenState state = new StateChoice(path, content.Code).Of(content.Root, entry, out rest);
            return new PyTorchFile(path, map, content, state);
        }
        catch
        {
            map.Release();
            throw;
        }
    }

    public override Tensor Read(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _map.Read(Require(name, PyTorchGlobals.Types), Path);
    }

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _map.Release();
        }
    }

    private TensorEntry Entry(string name, PickledTensor tensor, (long Offset, long Bytes) place)
    {
        PickledStorage storage = tensor.Storage;
        Int128 count = 1;
        Int128 last = (Int128)storage.First + tensor.Offset;
        long contiguous = 1;
        bool inOrder = true;
        for (int i = tensor.Shape.Length - 1; i >= 0; i--)
        {
            (long size, long stride) = (tensor.Shape[i], tensor.Strides[i]);
            count = Limited(name, count * size);
            last = size == 0 ? last : Limited(name, last + ((Int128)(size - 1) * stride));
            inOrder &= size == 1 || stride == contiguous;
            contiguous = size == 0 ? contiguous : (long)Limited(name, (Int128)contiguous * size);
        }

        Limited(name, count * storage.ElementBytes);
        long start = storage.First + tensor.Offset;
        if (count > 0 && (last + 1) * storage.ElementBytes > place.Bytes)
        {
            throw PyTorchGlobals.Broken(_file, $"the tensor {PrintableText.Of(name)} lies outside its storage, which has {place.Bytes} bytes");
        }

        long stored = place.Bytes / storage.ElementBytes;
        return count <= Math.Max(stored, MostRepeated)
            ? new TensorEntry(name, storage.TypeName, storage.Type, tensor.Shape, place.Offset + (count > 0 ? start * storage.ElementBytes : 0), (long)count * storage.ElementBytes)
            {
                Strides = inOrder || count == 0 ? null : tensor.Strides,
            }
            : throw PyTorchGlobals.Broken(_file, $"the tensor {PrintableText.Of(name)} repeats {stored} numbers to {count}");
    }

    private Int128 Limited(string name, Int128 value) => value <= long.MaxValue
        ? value
        : throw PyTorchGlobals.Broken(_file, $"the tensor {PrintableText.Of(name)} has more elements than can be counted");
}
