namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Reads the captions of the images in one folder, noting every problem.</summary>
internal abstract class CaptionReader(DataSetFiles files, string folder, DataSetProblems problems)
{
    private const int MaxShown = 60;

    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    protected DataSetFiles Files => files;

    protected string Folder => folder;

    protected DataSetProblems Problems => problems;

    /// <summary>The images without problems, in an order that does not depend on the file system.</summary>
    public static IReadOnlyList<CaptionedImage> Read(DataSetFiles files, string folder, DataSetProblems problems)
    {
        string metadata = folder + MetadataReader.FileName;
        CaptionReader reader = files.Sizes.ContainsKey(metadata)
            ? new MetadataReader(files, folder, problems)
            : new SidecarReader(files, folder, problems);
        return reader.Read();
    }

    protected abstract IReadOnlyList<CaptionedImage> Read();

    /// <summary>Names of files below the folder in ordinal order.</summary>
    protected IEnumerable<string> FindNames(Func<string, bool> filter) =>
        files.Sizes.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => name[folder.Length..]).Where(filter).Order(StringComparer.Ordinal);

    protected static bool IsImage(string name) =>
        ImageExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Lines of a text file below the folder; of a line that is not UTF-8 only the problem is left.</summary>
    protected IEnumerable<(string Place, string Text)> ReadLines(string name)
    {
        foreach ((int number, string? text) in TextLines.Of(files.Read(folder + name)))
        {
            string place = $"{folder}{name}:{number}";
            if (text is null)
            {
                problems.Add(place, "is not valid UTF-8");
            }
            else
            {
                yield return (place, text);
            }
        }
    }

    /// <summary>The captions without blank and repeated ones, which are problems.</summary>
    protected List<string> CheckCaptions(IEnumerable<(string Place, string Text)> captions)
    {
        var kept = new List<string>();
        var seen = new HashSet<string>();
        foreach ((string place, string text) in captions)
        {
            string caption = text.Trim();
            if (caption.Length == 0)
            {
                problems.Add(place, "empty caption");
            }
            else if (seen.Add(caption))
            {
                kept.Add(caption);
            }
            else
            {
                string shown = caption.Length <= MaxShown ? caption : $"{caption[..MaxShown]}…";
                problems.Add(place, $"the caption \"{shown}\" occurs twice for this image");
            }
        }

        return kept;
    }
}
