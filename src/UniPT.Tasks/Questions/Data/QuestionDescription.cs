using System.Globalization;

namespace UniPT.Tasks.Questions.Data;

/// <summary>Says what a data set of questions is, for <c>unipt inspect</c>.</summary>
internal static class QuestionDescription
{
    private const int Frequent = 5;

    /// <summary>Null where a path holds no questions of a known benchmark.</summary>
    internal static IReadOnlyList<string>? Of(string path, bool skipBad)
    {
        QuestionDataOptions[] found = !Directory.Exists(path) ? [] :
        [
            .. Enum.GetValues<QuestionBenchmark>().Select(benchmark => new QuestionDataOptions { Path = path, Benchmark = benchmark, SkipBad = skipBad, Workers = Environment.ProcessorCount })
                .Where(options => QuestionLayout.Find(options) is { } layout && IsOf(layout, options.Benchmark)),
        ];
        return found.Length == 0 ? null : [.. found.SelectMany(Of)];
    }

    private static IEnumerable<string> Of(QuestionDataOptions options)
    {
        QuestionSet set = QuestionSet.Open(options);
        yield return $"{options.Path} is a data set of questions about pictures for the task questions, data.benchmark {options.Benchmark.ToString().ToLowerInvariant()}:";
        foreach (QuestionSplit split in set.Splits)
        {
            string origin = split.Questions.Count == 0 ? "" : $", from {split.Origin}{(split.HasAnswers ? "" : ", without answers")}";
            yield return Printable($"  {split.Name,-6} {split.Questions.Count,9:N0} questions about {split.Pictures,7:N0} pictures{origin}");
        }

        Question[] all = [.. set.Splits.SelectMany(split => split.Questions)];
        int[] words = [.. all.Select(question => question.Text.Count(char.IsWhiteSpace) + 1)];
        yield return Printable($"  questions have {words.Average():f1} words on average and {words.Max()} at most; {all.Select(question => question.Text).Distinct().Count():N0} are different");
        int[] right = [.. set.Train.Questions.Select(question => question.Labels!.Best).OfType<int>()];
        IEnumerable<string> frequent = right.CountBy(answer => answer).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(Frequent)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{set.Answers[pair.Key]} {100.0 * pair.Value / set.Train.Questions.Count:f1} %"));
        yield return Printable($"  {set.Answers.Count:N0} answers are in the table; most often right in train: {string.Join(", ", frequent)}");
        foreach (string line in Types(set))
        {
            yield return line;
        }

        foreach (string notice in set.Notices)
        {
            yield return $"  {notice}";
        }

        Question first = set.Train.Questions[0];
        string answers = string.Join(", ", first.Labels!.Answers.Zip(first.Labels.Scores).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{set.Answers[pair.First]} ({pair.Second})")));
        yield return Printable($"  for example {set.Pictures.NameOf(first.Picture)}: {first.Text} {(answers.Length == 0 ? "(no answer in the table)" : answers)}");
    }

    /// <summary>Shares of the types of questions, as far as the files of val and test say them.</summary>
    private static IEnumerable<string> Types(QuestionSet set) => set.Splits.Skip(1).Select(split => (split.Name, Types: split.Questions.Select(question => question.Truth switch
    {
        VqaTruth vqa => vqa.AnswerType,
        GqaTruth gqa => gqa.Structural,
        _ => null,
    }).OfType<string>().ToArray())).Where(split => split.Types.Length > 0).Select(split => Printable(
        $"  {split.Name} asks for {string.Join(", ", split.Types.CountBy(type => type).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {100.0 * pair.Value / split.Types.Length:f1} %")))}"));

    /// <summary>Whether the first entry is a question: a train.json may be anything.</summary>
    private static bool IsOf(QuestionLayout layout, QuestionBenchmark benchmark) => layout.Train.SelectMany(file => file.Paths).Take(1).Any(path => QuestionReader.BeginsWithQuestion(path, benchmark));

    private static string Printable(FormattableString text) => PrintableText.Of(text.ToString(CultureInfo.InvariantCulture));
}
