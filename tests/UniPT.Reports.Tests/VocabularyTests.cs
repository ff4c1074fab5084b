using System.Reflection;
using System.Text.RegularExpressions;
using UniPT.Reports.Html;
using UniPT.Testing;

namespace UniPT.Reports.Tests;

/// <summary>Reports know no task: what one of them has does not occur here, in no name and in no sentence.</summary>
public sealed partial class VocabularyTests
{
    [Fact]
    public void Of_source_files()
    {
        string folder = Path.Combine(RepositoryPaths.Root, "src", "UniPT.Reports");
        string[] files =
        [
            .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".cs" or ".css" or ".csproj")
                .Where(file => !Path.GetRelativePath(folder, file).StartsWith("obj", StringComparison.Ordinal)),
        ];
        Assert.True(files.Length > 30, $"{files.Length} files were found.");
        Assert.All(files, file => Assert.Equal([], WordsOfATask(File.ReadAllText(file))));
    }

    [Fact]
    public void Of_public_types()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        Type[] types = [.. typeof(HtmlReport).Assembly.GetExportedTypes()];
        Assert.True(types.Length > 15, $"{types.Length} types were found.");
        Assert.All(types, type => Assert.Equal(
            [], type.GetMembers(All).SelectMany(member => WordsOfATask(member.Name)).Concat(WordsOfATask(type.FullName!))));
    }

    [Theory]
    [InlineData("The recalls", "recall")]
    [InlineData("RecallAt1", "Recall")]
    [InlineData("longest_caption", "caption")]
    [InlineData("ImageTower", "Tower")]
    [InlineData("a pair of them", "pair")]
    public void The_search_finds_a_word(string text, string word) => Assert.Equal([word], WordsOfATask(text));

    [Theory]
    [InlineData("new XElement(\"figcaption\", text)")]
    [InlineData("new XElement(\"caption\", text)")]
    [InlineData(".shares caption {")]
    [InlineData("repair")]
    public void The_search_leaves_the_elements_of_a_page(string text) => Assert.Empty(WordsOfATask(text));

    private static string[] WordsOfATask(string text) =>
        [.. Word().Matches(text.Replace("\"caption\"", "", StringComparison.Ordinal).Replace(".shares caption", "", StringComparison.Ordinal)).Select(match => match.Value)];

    /// <summary>At the beginning of a word, or of a part of a name: after what is no small letter, or capital itself.</summary>
    [GeneratedRegex("(?<![a-z])(?:caption|recall|pair|tower)|Caption|Recall|Pair|Tower")]
    private static partial Regex Word();
}
