namespace UniPT.Tasks.Retrieval.Data;

/// <summary>The images of one split with their captions, in an order that stays the same.</summary>
public sealed class ImageCaptionSplit
{
    private readonly DataSetFiles _files;
    private readonly string _folder;

    internal ImageCaptionSplit(DataSetFiles files, string folder, IReadOnlyList<CaptionedImage> images)
    {
        _files = files;
        _folder = folder;
        Images = images;
    }

    /// <summary>The images; may be none in validation and test.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>Some of the images with one caption each, in the order given.</summary>
    public ImageCaptionSplit Pairs(IEnumerable<(int Image, int Caption)> pairs) =>
        new(_files, _folder, [.. pairs.Select(pair => Images[pair.Image] with { Captions = [Images[pair.Image].Captions[pair.Caption]] })]);

    /// <summary>The bytes of an image file as they are stored; safe to call from several threads.</summary>
    /// <exception cref="UserException">The file cannot be read any more, or is damaged.</exception>
    public byte[] ReadImage(int index) => _files.Read(_folder + Images[index].Name);

    /// <summary>Adds what identifies this split: names, sizes and captions.</summary>
    internal void AddTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(Images.Count);
        foreach (CaptionedImage image in Images)
        {
            fingerprint.Write(image.Name);
            fingerprint.Write(_files.Sizes[_folder + image.Name]);
            fingerprint.Write(image.Captions.Count);
            foreach (string caption in image.Captions)
            {
                fingerprint.Write(caption);
            }
        }
    }
}
