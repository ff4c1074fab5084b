namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Captions of <c>cat.jpg</c> in <c>cat.txt</c>, one a line.</summary>
internal sealed class SidecarReader(DataSetFiles files, string folder, DataSetProblems problems)
    : CaptionReader(files, folder, problems)
{
    /// <summary>Texts that lie beside data and are no captions.</summary>
    private static readonly string[] Notices = ["readme", "license", "licence", "notice"];

    protected override IReadOnlyList<CaptionedImage> Read()
    {
        var images = new List<CaptionedImage>();
        var imageOfText = new Dictionary<string, string>();
        foreach (string name in FindNames(IsImage))
        {
            string text = Path.ChangeExtension(name, ".txt");
            if (!imageOfText.TryAdd(text, name))
            {
                Problems.Add(Folder + name, $"has the same caption file as {Folder}{imageOfText[text]}");
            }
            else if (Files.FindProblem(Folder + name) is { } problem)
            {
                Problems.Add(Folder + name, problem);
            }
            else if (ReadCaptions(name, text) is { Count: > 0 } captions)
            {
                images.Add(new CaptionedImage(name, captions));
            }
        }

        foreach (string text in FindNames(IsCaptionFile).Where(text => !imageOfText.ContainsKey(text)))
        {
            Problems.Add(Folder + text, "no image of this name");
        }

        return images;
    }

    private List<string>? ReadCaptions(string image, string text)
    {
        if (!Files.Sizes.ContainsKey(Folder + text))
        {
            Problems.Add(
                Folder + image, $"has no caption: neither {Folder}{MetadataReader.FileName} nor {Folder}{text} exists");
            return null;
        }

        if (Files.FindProblem(Folder + text) is { } problem)
        {
            Problems.Add(Folder + text, problem);
            return null;
        }

        var lines = ReadLines(text).ToList();
        if (lines.Count == 0)
        {
            Problems.Add(Folder + text, "has no caption");
        }

        return CheckCaptions(lines);
    }

    private static bool IsCaptionFile(string name) =>
        name.EndsWith(".txt", StringComparison.Ordinal)
        && !Notices.Contains(Path.GetFileNameWithoutExtension(name), StringComparer.OrdinalIgnoreCase);
}
