using System.Text.RegularExpressions;
using UniPT.Reports.Figures;
using UniPT.Testing;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>That docs/methods.md shows the committed comparison, and that this is of all methods under the same conditions.</summary>
public sealed partial class MethodDocumentationTests
{
    private static readonly string Page = Path.Combine(RepositoryPaths.Root, "docs", "methods.md");

    private static IReadOnlyList<RunResult> Results => RunResult.ReadAll(Path.Combine(RepositoryPaths.Root, "benchmarks", "results", "methods.json"));

    [Fact]
    public void Every_method_ran_with_three_seeds_in_the_same_setting()
    {
        Assert.Equal(
            TuningRegistry.Methods.Keys.Order(StringComparer.Ordinal).SelectMany(name => new[] { 1, 2, 3 }.Select(seed => (name, seed))),
            Results.Select(run => (run.Method, (int)run.Seed)).OrderBy(run => run.Method, StringComparer.Ordinal).ThenBy(run => run.Item2));
        Assert.Single(Results.Select(run => (run.Epochs, run.Conditions.Inputs["Image size"], run.Conditions.Type, run.Conditions.Threads)).Distinct());
    }

    [Fact]
    public void The_page_shows_the_committed_results()
    {
        string page = File.ReadAllText(Page);
        Assert.Single(Table().Matches(page));
        IReadOnlyList<MethodFigures> methods = MethodFigures.Of(Results.Select(run => run with { Label = run.Method }));
        CommittedPage.Check(Page, Table().Replace(page, _ => $"{MethodTable.Markdown(methods)}\n"), "the results in benchmarks/results/methods.json");
    }

    [GeneratedRegex(@"(^\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();
}
