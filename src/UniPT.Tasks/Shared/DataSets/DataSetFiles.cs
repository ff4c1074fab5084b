namespace UniPT.Tasks.Shared.DataSets;

/// <summary>The files of a data set, in a folder or a zip; reading is safe from several threads.</summary>
internal abstract class DataSetFiles(string path) : IDisposable
{
    /// <summary>No image or caption file needs more; a zip entry that claims more is taken for a bomb.</summary>
    public const long MaxBytes = 256 << 20;

    /// <summary>As much may the published tables of a benchmark have, of which MNLI's with their parses are the largest.</summary>
    public const long MaxTableBytes = 1 << 30;

    private readonly Dictionary<string, string> _oddLinks = [];

    /// <summary>The folder or zip file.</summary>
    public string Path { get; } = path;

    /// <summary>Bytes of each file by its path below the root, with forward slashes; hidden ones left out.</summary>
    public abstract IReadOnlyDictionary<string, long> Sizes { get; }

    /// <summary>When a file was last changed, in ticks of UTC; of a file in a zip, when the zip was.</summary>
    public abstract long Changed(string name);

    /// <summary>Links that are not followed and what is wrong with them, by their paths.</summary>
    public IReadOnlyDictionary<string, string> OddLinks => _oddLinks;

    /// <summary>Opens a folder or a zip, or a single file if it may be one.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problems">Gets what is wrong with entries of a zip.</param>
    /// <param name="mayBe">Whether the file of a name may be the whole data set; null: none may.</param>
    /// <exception cref="UserException">There is neither, or it cannot be read.</exception>
    public static DataSetFiles Open(string path, DataSetProblems problems, Func<string, bool>? mayBe = null)
    {
        string expected = mayBe is null ? "a folder or a zip file" : "a folder, a zip file or a table";
        try
        {
            if (Directory.Exists(path))
            {
                return new FolderFiles(path);
            }

            if (!File.Exists(path))
            {
                throw new UserException($"Data set {path} does not exist; {expected} was expected.");
            }

            return mayBe?.Invoke(path) == true ? new OneFile(path) : new ZipFiles(path, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read the data set {path}: {error.Message}", error);
        }
        catch (InvalidDataException error)
        {
            throw new UserException(
                $"Data set {path} is neither a folder nor {(mayBe is null ? "" : "a table nor ")}an intact zip file: {error.Message}", error);
        }
    }

    /// <summary>What keeps a file from being read, or null.</summary>
    public string? FindProblem(string name) => Problem(name, MaxBytes);

    /// <summary>The same of a benchmark's table.</summary>
    public string? FindTableProblem(string name) => Problem(name, MaxTableBytes);

    /// <summary>The bytes of a file without a problem.</summary>
    /// <exception cref="UserException">It cannot be read, or is no longer what it was.</exception>
    public byte[] Read(string name)
    {
        try
        {
            return ReadFile(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserException($"Cannot read {name} of the data set {Path}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    protected abstract byte[] ReadFile(string name);

    protected void AddOddLink(string name, string problem) => _oddLinks[name] = problem;

    protected static byte[] ReadAll(Stream stream, long size)
    {
        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw new InvalidDataException($"it is larger than {size} bytes.");
    }

    protected virtual string? FindStorageProblem(string name) => null;

    private string? Problem(string name, long most)
    {
        if (!Sizes.TryGetValue(name, out long size))
        {
            return _oddLinks.GetValueOrDefault(name, "does not exist");
        }

        return size switch
        {
            0 => "is empty (0 bytes)",
            _ when size > most => $"has {size} bytes; at most {most} are allowed",
            _ => FindStorageProblem(name),
        };
    }
}
