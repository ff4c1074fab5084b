using System.Collections.ObjectModel;

namespace UniPT.Torch;

/// <summary>
/// A checkpoint of any format that is read here, told by its content: safetensors, also split over several files; PyTorch's <c>.pt</c>, <c>.pth</c> and
/// <c>.bin</c> of both kinds; TorchScript archives; a folder of Hugging Face's with one of these in it. Only tensors are read, and nothing is executed.
/// </summary>
public abstract class TensorFile : IDisposable
{
    private protected const string WrapperPrefix = "module.";

    /// <summary>Where it is: a file, and behind <c>#</c> which part of it was chosen.</summary>
    public abstract string Path { get; }

    /// <summary>What it is, as a sentence goes on after "is", such as <c>a safetensors file</c>.</summary>
    public abstract string Format { get; }

    /// <summary>The tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>What the file says of itself besides; empty for formats that say nothing.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the names began with <c>module.</c>, which was taken off: the network was wrapped in <c>torch.nn.DataParallel</c>.</summary>
    public virtual bool IsWrapped => false;

    /// <summary>Which part of which files it is, with their lengths and times: another text as soon as one of them changes.</summary>
    public string Version => string.Join('|', Files.Select(Stamp).Prepend(Path));

    /// <summary>The files that it was read from.</summary>
    internal abstract IReadOnlyList<string> Files { get; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">
    /// A file; a folder with one; or <c>hf:organisation/name</c>, which is looked for in the local hub cache. Behind <c>#</c> may stand a part of it: the
    /// entry of a PyTorch file that holds several states (<c>checkpoint.pth#model/0</c>), and then the beginning of the names to take, which they lose
    /// (<c>checkpoint.pth#model/1/bert</c>). Without it, the only state is taken, or the one that files of that kind keep their weights in.
    /// </param>
    /// <exception cref="UserException">
    /// It is missing, broken or of no known format, the part is not there, or there are several and none was named; the message says which.
    /// </exception>
    public static TensorFile Open(string path)
    {
        WeightsPath place = WeightsPath.Parse(path);
        TensorFile file = OpenFile(place.FindFile(), place.Entry, out string rest);
        try
        {
            // torch.nn.DataParallel puts this before the names of the network that it wraps.
            bool wrapped = file.Entries.Count > 0 && file.Entries.Keys.All(name => name.StartsWith(WrapperPrefix, StringComparison.Ordinal));
            string prefix = (wrapped ? WrapperPrefix : "") + (rest.Length > 0 ? rest.Replace('/', '.').TrimEnd('.') + "." : "");
            return prefix.Length > 0 ? new SelectedFile(file, prefix, rest) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A file as it is, with all its names.</summary>
    /// <param name="path">An existing file.</param>
    /// <param name="entry">The part that is wanted.</param>
    /// <param name="rest">What of that the file does not know, which is then the beginning of names.</param>
    internal static TensorFile OpenFile(string path, string? entry, out string rest)
    {
        HubCache.RequireInside(path);
        rest = entry ?? "";
        byte[] head = Head(path);
        return head.AsSpan().StartsWith("PK"u8) || (head is [0x80, >= 2 and <= 5, ..]) ? PyTorchFile.Open(path, entry, out rest)
            : ShardedFile.IsIndex(path, head) ? ShardedFile.Open(path)
            : SafetensorsFile.Open(path);
    }

    /// <summary>A tensor over the file's own memory where that is possible, read-only by convention; it may outlive this object.</summary>
    /// <exception cref="UserException">There is no such tensor, its type is not supported, or its bytes are no values of it.</exception>
    public abstract Tensor Read(string name);

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public abstract void Dispose();

    /// <summary>The entry of a name whose tensors can be read.</summary>
    private protected TensorEntry Require(string name, string types)
    {
        TensorEntry entry = Entries.GetValueOrDefault(name) ?? throw new UserException($"{Path} has no tensor {name}.");
        return entry.Type is not null
            ? entry
            : throw new UserException($"{Path}: the tensor {name} has the type {entry.TypeName}, which is not supported as weights; expected one of {types}.");
    }

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        return $"{file.FullName}:{file.Length}:{file.LastWriteTimeUtc.Ticks}";
    }

    private static byte[] Head(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            var head = new byte[512];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }
}
