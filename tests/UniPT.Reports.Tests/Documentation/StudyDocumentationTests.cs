using System.Text.RegularExpressions;
using UniPT.Testing;
using UniPT.Training.Runs;
using UniPT.Training.Studies;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>That docs/studies.md shows the committed results, and that these are of the committed studies.</summary>
public sealed partial class StudyDocumentationTests
{
    private static readonly string Page = Path.Combine(RepositoryPaths.Root, "docs", "studies.md");

    private static string[] Studies =>
        [.. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "recipes", "studies"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_study_has_its_results_over_three_seeds() => Assert.All(Studies, name =>
    {
        IReadOnlyList<RunResult> runs = Results(name);
        var study = Study.Load(Path.Combine(RepositoryPaths.Root, "recipes", "studies", $"{name}.yaml"));
        Assert.Equal(
            study.Variants.SelectMany(variant => new[] { 1, 2, 3 }.Select(seed => (variant.Name, seed))), runs.Select(run => (run.Name, (int)run.Seed)));
    });

    [Fact]
    public void The_page_shows_the_committed_results()
    {
        string page = File.ReadAllText(Page);
        string expected = Table().Replace(page, found => $"{found.Groups["text"].Value}{StudyTable.Markdown(Results(found.Groups["name"].Value))}\n");
        Assert.Equal(Studies, Table().Matches(page).Select(found => found.Groups["name"].Value).Order(StringComparer.Ordinal));
        CommittedPage.Check(Page, expected, "the results in benchmarks/results/studies");
    }

    private static IReadOnlyList<RunResult> Results(string name) =>
        RunResult.ReadAll(Path.Combine(RepositoryPaths.Root, "benchmarks", "results", "studies", $"{name}.json"));

    /// <summary>A heading, what is said about the study, and the table below that.</summary>
    [GeneratedRegex(@"^(?<text>## (?<name>[a-z-]+)\n(?:(?![|#]).*\n)+)(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();
}
