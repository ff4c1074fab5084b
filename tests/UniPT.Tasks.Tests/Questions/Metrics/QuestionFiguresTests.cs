using UniPT.Tasks.Questions.Data;
using UniPT.Tasks.Questions.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Tests.Questions.Metrics;

public sealed class QuestionFiguresTests
{
    private static readonly string[] Answers = ["yes", "no", "red", "blue", "color"];
    private static readonly HashSet<string> Colours = ["red", "blue"];

    [Fact]
    public void VqaHasTheSoftScoreAndTheOfficialAccuracyByType()
    {
        Question[] questions =
        [
            Vqa("1", new([0, 1], [1, 0.6f]), "yes/no", [.. Enumerable.Repeat("yes", 8), "no", "no"]),
            Vqa("2", new([2], [0.3f]), "other", ["red", .. Enumerable.Repeat("green", 9)]),
            Vqa("3", AnswerLabels.None, "number", Enumerable.Repeat("7", 10)),
        ];
        IReadOnlyDictionary<string, double> figures = QuestionFigures.Of(QuestionBenchmark.Vqa, questions, [1, 2, 2], Answers);
        Expect(figures, ("score", 30), ("accuracy", 30), ("yes_no", 60), ("number", 0), ("other", 30));
        IReadOnlyDictionary<string, double> without = QuestionFigures.Of(QuestionBenchmark.Vqa, [.. questions.Select(question => question with { Truth = null })], [1, 2, 2], Answers);
        Expect(without, ("score", 30));
    }

    /// <summary>By GQA's own evaluation, by hand: what follows counts only where the data have it, and what is not balanced only for consistency.</summary>
    [Fact]
    public void GqaHasItsBreakdown()
    {
        Question[] questions =
        [
            Gqa("a", 2, new GqaTruth("red") { Structural = "query", Group = "color", Entailed = ["c", "d", "elsewhere"], Valid = Colours, Plausible = new HashSet<string> { "red" } }),
            Gqa("b", 3, new GqaTruth("blue") { Structural = "query", Group = "color", Entailed = ["d"], Valid = Colours, Plausible = new HashSet<string> { "blue" } }),
            Gqa("c", 0, new GqaTruth("yes") { Structural = "verify", Valid = new HashSet<string> { "yes", "no" }, Plausible = new HashSet<string> { "yes", "no" } }),
            Gqa("d", 1, new GqaTruth("no") { Structural = "verify", IsBalanced = false }),
            Gqa("e", 4, new GqaTruth("color") { Structural = "compare", AsksWhatIsCommon = true, Valid = new HashSet<string>(), Plausible = new HashSet<string>() }),
        ];

        // a right, b red in place of blue, c wrong, d right but not counted, e right.
        IReadOnlyDictionary<string, double> figures = QuestionFigures.Of(QuestionBenchmark.Gqa, questions, [2, 2, 1, 1, 4], Answers);
        Expect(figures, ("accuracy", 50), ("binary", 50), ("open", 50), ("validity", 100), ("plausibility", 75), ("consistency", 50), ("distribution", ((1 * 1) + (1 * 1)) / 100.0));
    }

    [Fact]
    public void FiguresThatTheFilesDoNotAllowAreLeftOut()
    {
        Question[] questions = [new("a", "", 0, new AnswerLabels([0], [1])), new("b", "", 0, AnswerLabels.None)];
        Expect(QuestionFigures.Of(QuestionBenchmark.Gqa, questions, [0, 0], Answers), ("accuracy", 50));
        Question wrong = Gqa("a", 0, new GqaTruth("yes") { Structural = "verify", Entailed = ["b"] });
        Question other = Gqa("b", 0, new GqaTruth("yes") { Structural = "verify" });
        Expect(QuestionFigures.Of(QuestionBenchmark.Gqa, [wrong, other], [1, 0], Answers), ("accuracy", 50), ("binary", 50), ("consistency", 0));
    }

    [Theory]
    [InlineData(QuestionBenchmark.Vqa)]
    [InlineData(QuestionBenchmark.Gqa)]
    public void OneFigureIsPrimary(QuestionBenchmark benchmark)
    {
        IReadOnlyList<FigureDefinition> figures = QuestionFigures.Of(benchmark);
        Assert.Equal(benchmark == QuestionBenchmark.Vqa ? "score" : "accuracy", FigureDefinition.PrimaryOf(figures).Name);
        Assert.Equal(figures.Count, figures.Select(figure => figure.Name).Distinct().Count());
    }

    private static Question Vqa(string id, AnswerLabels labels, string type, IEnumerable<string> people) => new(id, "", 0, labels, new VqaTruth(type, [.. people]));

    private static Question Gqa(string id, int answer, GqaTruth truth) => new(id, "", 0, new AnswerLabels([answer], [1]), truth);

    private static void Expect(IReadOnlyDictionary<string, double> figures, params (string Name, double Value)[] expected)
    {
        Assert.Equal(expected.Select(figure => figure.Name).Order(), figures.Keys.Order());
        Assert.All(expected, figure => Assert.Equal(figure.Value, figures[figure.Name], 1e-5));
    }
}
