using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>The images of one split with their captions, in an order that stays the same.</summary>
public sealed class ImageCaptionSplit
{
    private readonly DataSetFiles _files;

    internal ImageCaptionSplit(DataSetFiles files, string folder, IReadOnlyList<CaptionedImage> images, string origin)
    {
        _files = files;
        Folder = folder;
        Images = images;
        Origin = origin;
    }

    /// <summary>The images; may be none in validation and test.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>Where the split comes from, as messages say it: a folder, a table, a share of another split.</summary>
    public string Origin { get; }

    /// <summary>Whether these images were taken out of train, because the data set has none for val.</summary>
    internal bool IsHeldOut { get; init; }

    /// <summary>Some of the images with one caption each, in the order given.</summary>
    public ImageCaptionSplit Pairs(IEnumerable<(int Image, int Caption)> pairs) =>
        new(_files, Folder, [.. pairs.Select(pair => Images[pair.Image] with { Captions = [Images[pair.Image].Captions[pair.Caption]] })], Origin);

    /// <summary>The bytes of an image file as they are stored; safe to call from several threads.</summary>
    /// <exception cref="UserException">The file cannot be read any more, or is damaged.</exception>
    public byte[] ReadImage(int index) => _files.Read(PathOf(Images[index]));

    /// <summary>What the names of the images are below: a folder with a slash at its end, or nothing.</summary>
    internal string Folder { get; }

    /// <summary>An image's file below the data set's root, with forward slashes.</summary>
    internal string PathOf(CaptionedImage image) => Folder + image.Name;
}
