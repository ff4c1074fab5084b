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

    /// <summary>Features of the images' regions, in whose place the image files need not be there; null where there are none.</summary>
    internal RegionRows? Regions { get; init; }

    /// <summary>Some of the images with one caption each, in the order given.</summary>
    public ImageCaptionSplit Pairs(IEnumerable<(int Image, int Caption)> pairs) =>
        With([.. pairs.Select(pair => Images[pair.Image] with { Captions = [Images[pair.Image].Captions[pair.Caption]] })]);

    /// <summary>The first images, as many as have no more captions than that together.</summary>
    internal ImageCaptionSplit First(int captions)
    {
        int left = captions;
        return With([.. Images.TakeWhile(image => (left -= image.Captions.Count) >= 0)]);
    }

    /// <summary>The regions <c>[B, R, 2048]</c> of some images; belongs to the current scope.</summary>
    internal Tensor ReadRegions(IReadOnlyList<int> images) => Regions!.Read([.. images.Select(image => Images[image].Row)]);

    /// <summary>Whether an image has a file that can be shown.</summary>
    internal bool HasFile(int index) => _files.Sizes.ContainsKey(PathOf(Images[index]));

    /// <summary>The bytes of an image file as they are stored; safe to call from several threads.</summary>
    /// <exception cref="UserException">The file cannot be read any more, or is damaged; or there are regions in its place.</exception>
    public byte[] ReadImage(int index) => Regions is null || HasFile(index)
        ? _files.Read(PathOf(Images[index]))
        : throw new UserException($"{_files.Path} has features of regions and no picture {Images[index].Name}, which cannot be shown.");

    /// <summary>What the names of the images are below: a folder with a slash at its end, or nothing.</summary>
    internal string Folder { get; }

    /// <summary>An image's file below the data set's root, with forward slashes.</summary>
    internal string PathOf(CaptionedImage image) => Folder + image.Name;

    private ImageCaptionSplit With(IReadOnlyList<CaptionedImage> images) => new(_files, Folder, images, Origin) { IsHeldOut = IsHeldOut, Regions = Regions };
}
