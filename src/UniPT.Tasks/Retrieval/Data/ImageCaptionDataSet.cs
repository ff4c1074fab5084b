using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Images with captions in a folder or a zip file.</summary>
/// <remarks>
/// Folders named <c>train</c>, <c>val</c> (or <c>validation</c>, <c>valid</c>, <c>dev</c>, <c>eval</c>) and <c>test</c> are the splits, at any
/// depth and also as <c>train2014</c>, <c>test-set</c>, <c>coco_val</c>; or tables so named, or a column <c>split</c>. Without any, images
/// are split 80 : 10 : 10 by a hash of seed and name; without val, a tenth of train is held out for it. Captions stand in tables
/// (<c>metadata.jsonl</c>, <c>.csv</c>, <c>.json</c>, <c>.parquet</c>, as Hugging Face's <c>imagefolder</c> has them) that name the images
/// below their folder, or <c>cat.txt</c> holds those of <c>cat.jpg</c>, one a line. Flickr30K and MS-COCO are read as they were published too:
/// VSE∞'s <c>precomp/train_caps.txt</c>, or Karpathy's <c>dataset_coco.json</c>.
/// </remarks>
public sealed class ImageCaptionDataSet : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _opened;

    private ImageCaptionDataSet(IReadOnlyList<IDisposable> opened, ImageCaptionSplit[] splits, string fingerprint, IReadOnlyList<string> notices)
    {
        _opened = opened;
        (Train, Val, Test) = (splits[0], splits[1], splits[2]);
        (Fingerprint, Notices) = (fingerprint, notices);
    }

    /// <summary>The images to learn from; at least one.</summary>
    public ImageCaptionSplit Train { get; }

    /// <summary>The images to choose the best epoch by; none only if train has a single image.</summary>
    public ImageCaptionSplit Val { get; }

    /// <summary>The images to report on; may be none.</summary>
    public ImageCaptionSplit Test { get; }

    /// <summary>Hexadecimal SHA-256 over names, contents and captions; the same for a folder and its zip, wherever they lie.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc cref="FoundPictures.Format"/>
    internal string? Format { get; private init; }

    /// <summary>Further right answers of the test split; null where there are none.</summary>
    internal Crisscrossed? Crisscrossed { get; private init; }

    /// <summary>What a user should know of these data, a sentence each: what is not used, what makes figures mean less.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Opens a data set and reads all of it.</summary>
    /// <param name="path">A folder or a zip file.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <param name="check">How pictures are tried; null: they are read but not decoded.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or zip file, or it cannot be read.</exception>
    public static ImageCaptionDataSet Open(string path, long seed, PictureCheck? check = null) => Open(path, seed, check, null, regions: false);

    /// <summary>As the other, of published formats too whose pictures lie elsewhere or are known by their regions.</summary>
    /// <param name="path">A folder, a zip file, or Karpathy's JSON.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <param name="check">How pictures are tried; null: they are read but not decoded.</param>
    /// <param name="pictures">The folder where pictures are looked for that are not in the data set; null for none.</param>
    /// <param name="regions">Whether the features of regions are read in the place of pictures.</param>
    internal static ImageCaptionDataSet Open(string path, long seed, PictureCheck? check, string? pictures, bool regions)
    {
        var problems = new DataSetProblems();
        DataSetFiles files = OpenFiles(path, problems, out string? table);
        DataSetFiles? elsewhere = null;
        RegionRows[] arrays = [];
        try
        {
            elsewhere = pictures is null ? null : DataSetFiles.Open(pictures, problems);
            FoundPictures found = Find(files, elsewhere, table, regions, check?.SkipBad == true, problems);
            arrays = [.. found.Regions.OfType<RegionRows>()];
            return Read(files, elsewhere, found, seed, check, problems);
        }
        catch
        {
            foreach (RegionRows array in arrays)
            {
                array.Dispose();
            }

            elsewhere?.Dispose();
            files.Dispose();
            throw;
        }
    }

    /// <summary>Whether a path may be one: a folder or zip with pictures, or a published format.</summary>
    internal static bool IsOne(string path)
    {
        if (!Directory.Exists(path) && Path.GetExtension(path).ToLowerInvariant() is not ".zip" && !IsTable(path))
        {
            return false;
        }

        using DataSetFiles files = OpenFiles(path, new DataSetProblems(), out string? table);
        return table is not null || files.Sizes.Keys.Any(DataSetReader.IsImage) || VseLayout.FolderOf(files) is not null || TableOf(files) is not null;
    }

    /// <summary>Whether the pictures of a data set are only known by their regions.</summary>
    internal static bool HasOnlyRegions(string path)
    {
        using DataSetFiles files = OpenFiles(path, new DataSetProblems(), out string? table);
        return table is null && VseLayout.FolderOf(files) is { } folder && VseLayout.HasRegions(files, folder) && !files.Sizes.Keys.Any(DataSetReader.IsImage);
    }

    /// <summary>Closes the files; no image may be read any more.</summary>
    public void Dispose()
    {
        foreach (IDisposable opened in _opened)
        {
            opened.Dispose();
        }
    }

    private static bool IsTable(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && File.Exists(path) && KarpathyFile.Is(Bytes(path));

    /// <summary>The files of a data set; of one that is named by its JSON those of the folder around it.</summary>
    private static DataSetFiles OpenFiles(string path, DataSetProblems problems, out string? table)
    {
        bool isTable = IsTable(path);
        table = isTable ? Path.GetFileName(path) : null;
        return DataSetFiles.Open(isTable ? Path.GetDirectoryName(Path.GetFullPath(path))! : path, problems);
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= DataSetFiles.MaxBytes ? File.ReadAllBytes(path) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read the data set {path}: {error.Message}", error);
        }
    }

    /// <summary>The file with Karpathy's layout; null where there is none.</summary>
    /// <exception cref="UserException">There are several.</exception>
    private static string? TableOf(DataSetFiles files)
    {
        string[] tables =
        [
            .. files.Sizes.Keys.Where(name => name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && files.FindProblem(name) is null)
                .Order(StringComparer.Ordinal).Where(name => KarpathyFile.Is(files.Read(name))),
        ];
        return tables.Length <= 1
            ? tables.FirstOrDefault()
            : throw new UserException($"{files.Path} holds several data sets, {string.Join(" and ", tables)}; name one of these files, and its pictures with data.images.");
    }

    private static FoundPictures Find(DataSetFiles files, DataSetFiles? elsewhere, string? table, bool regions, bool skipBad, DataSetProblems problems)
    {
        if (table is null && VseLayout.FolderOf(files) is { } folder)
        {
            return VseLayout.Read(files, elsewhere, folder, regions, problems, skipBad);
        }

        if (regions)
        {
            throw new UserException($"{files.Path} has no captions with precomputed regions; expected a folder with precomp/train_caps.txt and precomp/train_ims.npy.");
        }

        return (table ?? TableOf(files)) is { } named ? KarpathyFile.Read(files, named, elsewhere, problems, skipBad) : DataSetReader.Read(files, problems);
    }

    private static ImageCaptionDataSet Read(
        DataSetFiles files, DataSetFiles? elsewhere, FoundPictures found, long seed, PictureCheck? check, DataSetProblems problems)
    {
        DataSetFiles pictures = found.Files ?? files;
        string[] paths = [.. found.Pictures.Select(picture => picture.Path).Distinct()];
        bool readsRegions = found.Regions.Count > 0;
        (Dictionary<string, Content> contents, IReadOnlyList<BadPicture> bad) = readsRegions
            ? (paths.ToDictionary(path => path, Content.Named), [])
            : PictureContents.Read(pictures, paths);
        if (check is not null && !readsRegions)
        {
            string[] readable = [.. paths.Where(contents.ContainsKey)];
            bad = [.. bad, .. PictureDecoding.FindBad(pictures, readable, FingerprintOf(readable, contents), check.Threads)];
        }

        bool skips = check?.SkipBad == true;
        foreach (BadPicture picture in bad.Where(_ => !skips))
        {
            problems.Add(picture.Path, picture.Reason);
        }

        var left = bad.Select(picture => picture.Path).ToHashSet();
        ImageCaptionSplit[] splits = DataSetSplits.Of(pictures, found, left, seed);
        if (splits[0].Images.Count == 0)
        {
            string others = string.Join(" and ", splits.Zip(SplitName.Splits).Where(pair => pair.First.Images.Count > 0)
                .Select(pair => $"{pair.Second} from {pair.First.Origin}"));
            problems.Add("train", $"there is no usable image to train on{(others.Length > 0 ? $"; the splits found are {others}" : "")}");
        }

        if (problems.Any)
        {
            foreach ((string name, string problem) in files.OddLinks)
            {
                problems.Add(name, problem, "links that lead nowhere or back");
            }
        }

        var crisscrossed = Crisscrossed.Find(files, splits[2], problems);
        string? advice = bad.Count > 0 && !skips && check is not null
            ? "Mend or remove the pictures, or leave them out with data.skip_bad: true (--skip-bad)." : null;
        problems.ThrowIfAny(files.Path, advice);
        string? unused = elsewhere is null || pictures == elsewhere
            ? null
            : $"{elsewhere.Path} (data.images) is not used: {(readsRegions ? "regions are read" : $"the pictures are in {files.Path}")}.";
        return new ImageCaptionDataSet(
            [files, .. found.Regions.Append<IDisposable?>(elsewhere).OfType<IDisposable>()],
            splits,
            Fingerprinted(splits, contents),
            [.. DataSetNotices.Of(files, found, splits, contents, bad), .. new[] { crisscrossed?.Notice, unused }.OfType<string>()])
        {
            Format = found.Format,
            Crisscrossed = crisscrossed,
        };
    }

    private static string FingerprintOf(string[] pictures, Dictionary<string, Content> contents) => DataSetFingerprint.Of(writer =>
    {
        foreach (string picture in pictures)
        {
            writer.Write(picture);
            writer.Write(contents[picture]);
        }
    });

    private static string Fingerprinted(ImageCaptionSplit[] splits, Dictionary<string, Content> contents) => DataSetFingerprint.Of(writer =>
    {
        foreach (ImageCaptionSplit split in splits)
        {
            writer.Write(split.Images.Count);
            foreach (CaptionedImage image in split.Images)
            {
                writer.Write(image.Name);
                writer.Write(contents[split.PathOf(image)]);
                writer.Write(image.Captions.Count);
                foreach (string caption in image.Captions)
                {
                    writer.Write(caption);
                }
            }

            split.Regions?.Write(writer);
        }
    });
}
