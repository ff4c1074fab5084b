using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniPT.Reports.Figures;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>That docs/texts.md shows the committed search over learning rates, and that this is of all methods under the same conditions.</summary>
public sealed partial class TextsDocumentationTests
{
    private static readonly string Page = Path.Combine(RepositoryPaths.Root, "docs", "texts.md");

    private static readonly JsonElement Results = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "benchmarks", "results", "texts.json"))).RootElement;

    [Fact]
    public void EveryMethodHasThreeSeedsAtARateOfTheSameGrid()
    {
        Assert.Equal(
            TuningRegistry.Methods.Keys.Order(StringComparer.Ordinal).SelectMany(name => new[] { 1, 2, 3 }.Select(seed => (name, seed))),
            Results.GetProperty("chosen").EnumerateArray().Select(run => (name: run.GetProperty("method").GetString()!, seed: run.GetProperty("seed").GetInt32()))
                .OrderBy(run => run.name, StringComparer.Ordinal).ThenBy(run => run.seed));
        string[][] grids = [.. Trials().GroupBy(trial => trial.Method).Select(method => method.Select(trial => trial.Rate).ToArray())];
        Assert.All(grids, grid => Assert.Equal(grids[0], grid));
        Assert.All(Trials().GroupBy(trial => trial.Method), method => Assert.Equal(
            method.Max(trial => trial.Validation), Assert.Single(method, trial => trial.IsChosen).Validation));
    }

    [Fact]
    public void ThePageShowsTheCommittedResults()
    {
        string page = File.ReadAllText(Page);
        string expected = Table().Replace(page, $"$1{Rows()}$3");
        CommittedPage.Check(Page, expected, "the results in benchmarks/results/texts.json");
    }

    private static string Rows()
    {
        Dictionary<string, string> rates = Trials().Where(trial => trial.IsChosen).ToDictionary(trial => trial.Method, trial => trial.Rate);
        var rows = Results.GetProperty("chosen").EnumerateArray().GroupBy(run => run.GetProperty("method").GetString()!).Select(method =>
        {
            var accuracy = Statistic.Of([.. method.Select(run => run.GetProperty("test").GetProperty("accuracy").GetDouble())]);
            JsonElement first = method.First();
            long peak = method.Max(run => run.GetProperty("step_memory").GetProperty("peak").GetInt64());
            string figure = string.Create(CultureInfo.InvariantCulture, $"{accuracy.Mean:f1} ± {accuracy.Deviation:f1}");
            return (accuracy.Mean, Row: $"| [{method.Key}](../recipes/texts/{method.Key}.yaml) | {figure} | {rates[method.Key]} | {Units.Count(first.GetProperty("trainable_parameters").GetInt64())} | {ByteSize.Format(peak)} |");
        });
        return string.Join('\n', rows.OrderByDescending(row => row.Mean).Select(row => row.Row));
    }

    private static IEnumerable<(string Method, string Rate, double Validation, bool IsChosen)> Trials() => Results.GetProperty("trials").EnumerateArray().Select(trial => (
        trial.GetProperty("method").GetString()!,
        trial.GetProperty("point")[0].GetString()!.Split('=')[1],
        trial.GetProperty("validation").GetDouble(),
        trial.GetProperty("is_chosen").GetBoolean()));

    [GeneratedRegex("(\\| --- \\| ---: \\| ---: \\| ---: \\| ---: \\|\n)(.*?)(\n[^|])", RegexOptions.Singleline)]
    private static partial Regex Table();
}
