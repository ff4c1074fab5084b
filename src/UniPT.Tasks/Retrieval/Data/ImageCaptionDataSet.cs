using System.Security.Cryptography;
using System.Text;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// Images with captions in a folder or a zip file, laid out as Hugging Face's <c>imagefolder</c>.
/// </summary>
/// <remarks>
/// The folders <c>train</c>, <c>val</c> (or <c>validation</c>, <c>valid</c>, <c>dev</c>) and <c>test</c> are the
/// splits; without them the images are split 80 : 10 : 10 by a hash of seed and name. A split has a <c>metadata.jsonl</c>
/// whose lines hold <c>file_name</c> and <c>captions</c> (a list) or <c>text</c>; without it, <c>cat.txt</c> holds
/// the captions of <c>cat.jpg</c>, one a line. All may lie in one folder that has nothing beside it.
/// </remarks>
public sealed class ImageCaptionDataSet : IDisposable
{
    private readonly DataSetFiles _files;

    private ImageCaptionDataSet(DataSetFiles files, ImageCaptionSplit[] splits)
    {
        _files = files;
        (Train, Val, Test) = (splits[0], splits[1], splits[2]);
        Fingerprint = ComputeFingerprint(splits);
    }

    /// <summary>The images to learn from; at least one.</summary>
    public ImageCaptionSplit Train { get; }

    /// <summary>The images to choose the best epoch by; may be none.</summary>
    public ImageCaptionSplit Val { get; }

    /// <summary>The images to report on; may be none.</summary>
    public ImageCaptionSplit Test { get; }

    /// <summary>Hexadecimal SHA-256 over names, sizes and captions; the same for a folder and its zip.</summary>
    public string Fingerprint { get; }

    /// <summary>Opens a data set and checks all of it but the images' contents.</summary>
    /// <param name="path">A folder or a zip file.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder or zip file, or it cannot be read.</exception>
    public static ImageCaptionDataSet Open(string path, long seed)
    {
        var problems = new DataSetProblems();
        DataSetFiles files = DataSetFiles.Open(path, problems);
        try
        {
            ImageCaptionSplit[] splits = OpenSplits(files, seed, problems);
            if (splits[0].Images.Count == 0)
            {
                problems.Add("train", "there is no usable image to train on");
            }

            problems.ThrowIfAny(path);
            return new ImageCaptionDataSet(files, splits);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Closes the files; no image may be read any more.</summary>
    public void Dispose() => _files.Dispose();

    private static ImageCaptionSplit[] OpenSplits(DataSetFiles files, long seed, DataSetProblems problems)
    {
        string root = DataSetLayout.FindRoot(files);
        return DataSetLayout.FindSplits(files, root, problems) is { } folders
            ? [.. folders.Select(folder => Open(folder ?? root, folder is null ? [] : Read(folder)))]
            : [.. SeededSplit.Of(Read(root), seed).Select(images => Open(root, images))];

        IReadOnlyList<CaptionedImage> Read(string folder) => CaptionReader.Read(files, folder, problems);

        ImageCaptionSplit Open(string folder, IReadOnlyList<CaptionedImage> images) => new(files, folder, images);
    }

    private static string ComputeFingerprint(ImageCaptionSplit[] splits)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var buffer = new BufferedStream(stream, 1 << 16))
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8))
        {
            foreach (ImageCaptionSplit split in splits)
            {
                split.AddTo(writer);
            }
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }
}
