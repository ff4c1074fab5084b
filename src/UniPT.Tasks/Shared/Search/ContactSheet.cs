using UniPT.Reports.Html;

namespace UniPT.Tasks.Shared.Search;

/// <summary>The page of one or more searches: pictures with their ranks, scores and captions.</summary>
public static class ContactSheet
{
    /// <summary>Makes the page.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="source">What was searched, such as <c>400 test pictures of emoji-noto.zip</c>.</param>
    /// <param name="searches">The searches in the order to show them.</param>
    public static string Render(string title, string source, IReadOnlyList<SearchResult> searches) =>
        SectionPage.Render(title, source, SearchSection.Of(searches) is { } section ? [section] : [], "Nothing was searched for.");

    /// <summary>Writes the page beside the file and renames it into place.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, string title, string source, IReadOnlyList<SearchResult> searches) =>
        AtomicFile.WriteText(path, Render(title, source, searches));
}
