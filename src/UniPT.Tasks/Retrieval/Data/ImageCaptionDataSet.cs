using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Images with captions in a folder or a zip file.</summary>
/// <remarks>
/// Folders named <c>train</c>, <c>val</c> (or <c>validation</c>, <c>valid</c>, <c>dev</c>, <c>eval</c>) and <c>test</c> are the splits, at any
/// depth and also as <c>train2014</c>, <c>test-set</c>, <c>coco_val</c>; or tables so named, or a column <c>split</c>. Without any, images
/// are split 80 : 10 : 10 by a hash of seed and name; without val, a tenth of train is held out for it. Captions stand in tables
/// (<c>metadata.jsonl</c>, <c>.csv</c>, <c>.json</c>, <c>.parquet</c>, as Hugging Face's <c>imagefolder</c> has them) that name the images
/// below their folder, or <c>cat.txt</c> holds those of <c>cat.jpg</c>, one a line.
/// </remarks>
public sealed class ImageCaptionDataSet : IDisposable
{
    private readonly DataSetFiles _files;

    private ImageCaptionDataSet(DataSetFiles files, ImageCaptionSplit[] splits, string fingerprint, IReadOnlyList<string> notices)
    {
        _files = files;
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

    /// <summary>What a user should know of these data, a sentence each: what is not used, what makes figures mean less.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Opens a data set and reads all of it.</summary>
    /// <param name="path">A folder or a zip file.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <param name="check">How pictures are tried; null: they are read but not decoded.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or zip file, or it cannot be read.</exception>
    public static ImageCaptionDataSet Open(string path, long seed, PictureCheck? check = null)
    {
        var problems = new DataSetProblems();
        DataSetFiles files = DataSetFiles.Open(path, problems);
        try
        {
            return Read(files, seed, check, problems);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Closes the files; no image may be read any more.</summary>
    public void Dispose() => _files.Dispose();

    private static ImageCaptionDataSet Read(DataSetFiles files, long seed, PictureCheck? check, DataSetProblems problems)
    {
        FoundPictures found = DataSetReader.Read(files, problems);
        string[] paths = [.. found.Pictures.Select(picture => picture.Path)];
        (Dictionary<string, Content> contents, IReadOnlyList<BadPicture> bad) = PictureContents.Read(files, paths);
        string[] readable = [.. paths.Where(contents.ContainsKey)];
        if (check is not null)
        {
            bad = [.. bad, .. PictureDecoding.FindBad(files, readable, FingerprintOf(readable, contents), check.Threads)];
        }

        bool skips = check?.SkipBad == true;
        foreach (BadPicture picture in bad.Where(_ => !skips))
        {
            problems.Add(picture.Path, picture.Reason);
        }

        var left = bad.Select(picture => picture.Path).ToHashSet();
        ImageCaptionSplit[] splits = DataSetSplits.Of(files, found, left, seed);
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

        string? advice = bad.Count > 0 && !skips && check is not null
            ? "Mend or remove the pictures, or leave them out with data.skip_bad: true (--skip-bad)." : null;
        problems.ThrowIfAny(files.Path, advice);
        return new ImageCaptionDataSet(
            files, splits, Fingerprinted(splits, contents), DataSetNotices.Of(files, found, splits, contents, bad));
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
        }
    });
}
