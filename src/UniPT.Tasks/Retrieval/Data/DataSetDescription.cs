using System.Globalization;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>What a data set is, for <c>unipt inspect</c>.</summary>
internal static class DataSetDescription
{
    /// <summary>Lines; null where a path is none.</summary>
    /// <param name="path">A folder, a zip file, or a JSON of Karpathy's.</param>
    /// <param name="skipBad">Whether what cannot be used is left out.</param>
    internal static IReadOnlyList<string>? Of(string path, bool skipBad)
    {
        if (!ImageCaptionDataSet.IsOne(path))
        {
            return null;
        }

        using ImageCaptionDataSet set = ImageCaptionDataSet.Open(
            path, SeededSplit.Seed, new PictureCheck(Environment.ProcessorCount, skipBad), null, ImageCaptionDataSet.HasOnlyRegions(path));
        (string Name, ImageCaptionSplit Split)[] parts = [("train", set.Train), ("val", set.Val), ("test", set.Test)];
        return
        [
            $"{path} is a data set of pictures and captions{(set.Format is { } format ? $" {format}" : "")}:",
            .. parts.Select(part => Counted(part.Name, part.Split)),
            .. parts.Where(part => part.Split.Images.Count > 0).Take(1).Select(part => Lengths(parts.SelectMany(other => other.Split.Images))),
            .. set.Crisscrossed is null ? Array.Empty<string>() : ["  further right answers of the test split from Crisscrossed Captions"],
            .. set.Notices.Select(notice => $"  {notice}"),
            .. set.Train.Images.Take(1).Select(image => $"  for example {PrintableText.Of(image.Name)}: {PrintableText.Of(image.Captions[0])}"),
        ];
    }

    private static string Counted(string name, ImageCaptionSplit split)
    {
        string from = split.Images.Count > 0 ? $"  from {PrintableText.Of(split.Origin)}" : "";
        string regions = split.Regions is { } rows && !split.IsHeldOut ? $", regions {rows.Described}" : "";
        return $"  {name,-6} {split.Images.Count,7:N0} pictures, {split.Images.Sum(image => image.Captions.Count),8:N0} captions{from}{regions}";
    }

    private static string Lengths(IEnumerable<CaptionedImage> images)
    {
        int[] words = [.. images.SelectMany(image => image.Captions).Select(caption => caption.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length)];
        return string.Create(CultureInfo.InvariantCulture, $"  captions of {words.Min()} to {words.Max()} words, {words.Average():f1} on average");
    }
}
