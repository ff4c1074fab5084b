using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Divides the pictures that were found into train, val and test.</summary>
internal static class DataSetSplits
{
    private const int MaxNamed = 3;

    /// <summary>The three splits; where nothing divides the pictures a hash of their names does, and val is never empty but for a single picture.</summary>
    /// <param name="files">Where the pictures are.</param>
    /// <param name="found">The pictures.</param>
    /// <param name="left">Pictures to leave out; they change nothing for the others.</param>
    /// <param name="seed">Goes into the hash.</param>
    internal static ImageCaptionSplit[] Of(DataSetFiles files, FoundPictures found, HashSet<string> left, long seed)
    {
        ImageCaptionSplit[] splits = found.HasSplits ? Marked(files, found, left) : Seeded(files, found, left, seed);
        ImageCaptionSplit train = splits[0];
        if (splits[1].Images.Count == 0 && train.Images.Count > 1)
        {
            (CaptionedImage[] rest, CaptionedImage[] held) = SeededSplit.HoldOut(train.Images, image => image.Name, seed);
            splits[0] = new ImageCaptionSplit(files, train.Folder, rest, train.Origin) { Regions = train.Regions };
            splits[1] = new ImageCaptionSplit(files, train.Folder, held, $"a tenth of {train.Origin}, by a hash of the names") { IsHeldOut = true, Regions = train.Regions };
        }

        return splits;
    }

    private static ImageCaptionSplit[] Marked(DataSetFiles files, FoundPictures found, HashSet<string> left)
    {
        ILookup<int?, FoundPicture> bySplit = found.Pictures.ToLookup(picture => picture.Split);
        return [.. Enumerable.Range(0, SplitName.Splits.Length).Select(split =>
        {
            FoundPicture[] pictures = [.. bySplit[split]];
            string[] sources = [.. pictures.Select(picture => picture.Source!).Distinct()];

            // Names start below the split's folder, or below what several have in common.
            string folder = sources is [{ } only] && only.EndsWith('/') ? only : DataSetLayout.CommonFolder(pictures.Select(picture => picture.Path));
            string origin = sources.Length == 0 ? "nowhere" : string.Join(" and ", sources.Take(MaxNamed)) + (sources.Length > MaxNamed ? " and more" : "");
            return new ImageCaptionSplit(files, folder, Images(pictures, folder, left), origin) { Regions = found.Regions.ElementAtOrDefault(split) };
        })];
    }

    private static ImageCaptionSplit[] Seeded(DataSetFiles files, FoundPictures found, HashSet<string> left, long seed)
    {
        string root = DataSetLayout.CommonFolder(found.Pictures.Select(picture => picture.Path));
        string[] shares = ["80 % of the pictures", "10 % of the pictures", "10 % of the pictures"];
        return [.. SeededSplit.Of(Images(found.Pictures, root, []), image => image.Name, seed).Zip(shares, (images, share) => new ImageCaptionSplit(
            files, root, [.. images.Where(image => !left.Contains(root + image.Name))], $"{share}, by a hash of the names"))];
    }

    private static CaptionedImage[] Images(IEnumerable<FoundPicture> pictures, string folder, HashSet<string> left) =>
        [.. pictures.Where(picture => !left.Contains(picture.Path)).Select(picture =>
            new CaptionedImage(picture.Path[folder.Length..], picture.Captions) { Id = picture.Id, CaptionIds = picture.CaptionIds, Row = picture.Row })];
}
