using System.Globalization;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

[Collection(TrainedRunCollection.Name)]
public sealed class SearchTests(TrainedRun run)
{
    [Fact]
    public void GivesTheBestFirst()
    {
        double[] scores = Scores(Tool.Run("search", run.Folder, "a red fruit", "--top", "4"));

        Assert.Equal(4, scores.Length);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.InRange(score, -1, 1));
    }

    [Fact]
    public void GivesNoMoreThanThereIs() =>
        Assert.Equal(EmojiSample.TestPictures, Scores(Tool.Run("search", run.Folder, "fruit", "--top", "100")).Length);

    public static TheoryData<string> OddQueries => ["🍎🍏", "تفاحة حمراء", "@response", new string('x', 10_000)];

    [Theory]
    [MemberData(nameof(OddQueries))]
    public void OddQueriesAreAnswered(string query) => Assert.Equal(5, Scores(Tool.Run("search", run.Folder, query)).Length);

    [Fact]
    public void NothingToSearchForIsRefused()
    {
        Tool.Run("search", run.Folder).AssertUserError("--picture");
        Tool.Run("search", run.Folder, "").AssertUserError("query");
        Tool.Run("search", run.Folder, "\t\n").AssertUserError("query");
        Tool.Run("search", run.Folder, new string('x', 10_001)).AssertUserError("10001", "10000");
    }

    [Fact]
    public void APictureFindsItself()
    {
        string picture = Directory.GetFiles(Path.Combine(run.Data, "test"), "*.png")[0];
        ToolResult result = Tool.Run("search", run.Folder, "--picture", picture);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith($" 1.000  {Path.GetFileName(picture)}", result.Output);
    }

    [Fact]
    public void WhatIsNoPictureIsNamed() => Tool.Run("search", run.Folder, "--picture", "README.md").AssertUserError("README.md");

    private static double[] Scores(ToolResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line.Split("  ")[0], CultureInfo.InvariantCulture))];
    }
}
