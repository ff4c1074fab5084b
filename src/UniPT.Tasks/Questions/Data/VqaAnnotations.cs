using System.Text.Json;
using UniPT.Tasks.Questions.Metrics;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Questions.Data;

/// <summary>What an annotation of VQAv2 says.</summary>
/// <param name="Labels">How right answers are.</param>
/// <param name="Main">The answer that stands for all ten.</param>
/// <param name="Truth">The ten answers; null where they are not kept.</param>
internal sealed record AnnotatedAnswers(AnswerLabels Labels, int Main, VqaTruth? Truth);

/// <summary>
/// VQAv2's annotations: ten answers a question. An answer that one, two or three people gave is right to 0.3, 0.6 or 0.9, and fully from four on, as Anderson et al.
/// (arXiv 1707.07998) count them. Answers are compared as the official evaluation does it.
/// </summary>
internal sealed class VqaAnnotations(AnswerPool pool, RowProblems rows, Action<string, string> problem)
{
    private const string Annotations = "annotations";
    private static readonly float[] Scores = [0, 0.3f, 0.6f, 0.9f, 1];

    // Millions of answers are a few hundred thousand texts.
    private readonly Dictionary<string, (string Text, int Answer)> _known = new(StringComparer.Ordinal);

    /// <summary>All annotations by the ids of their questions.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="measured">Whether the ten answers are kept.</param>
    internal Dictionary<string, AnnotatedAnswers> Read(IReadOnlyList<string> paths, bool measured)
    {
        var all = new Dictionary<string, AnnotatedAnswers>(StringComparer.Ordinal);
        foreach (JsonEntry entry in Entries(paths))
        {
            if (entry.Value.Text("question_id") is { } id && Answers(entry.Value) is { Length: > 0 } answers)
            {
                int main = entry.Value.Text("multiple_choice_answer") is { } given ? Of(given).Answer : answers.CountBy(answer => answer.Answer).MaxBy(pair => pair.Value).Key;
                all[id] = new AnnotatedAnswers(LabelsOf(answers), main, measured ? TruthOf(entry.Value, answers) : null);
            }
            else
            {
                rows.Add(entry.Place, "has no question_id, or no answers", "an annotation without answers");
            }
        }

        return all;
    }

    /// <summary>Gives questions their ten answers.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="wanted">Where questions stand, by their ids.</param>
    /// <param name="questions">The questions.</param>
    internal void Attach(IReadOnlyList<string> paths, Dictionary<string, int> wanted, List<Question> questions)
    {
        foreach (JsonEntry entry in Entries(paths))
        {
            if (entry.Value.Text("question_id") is { } id && wanted.TryGetValue(id, out int place) && Texts(entry.Value) is { Length: > 0 } answers)
            {
                questions[place] = questions[place] with { Truth = new VqaTruth(entry.Value.Text("answer_type") ?? "", answers) };
            }
        }
    }

    private IEnumerable<JsonEntry> Entries(IReadOnlyList<string> paths) => paths
        .SelectMany(path => JsonEntries.Read(path, Path.GetFileName(path), problem, Annotations)).Where(entry => entry.List == Annotations);

    private static VqaTruth TruthOf(JsonElement annotation, (string Text, int Answer)[] answers) =>
        new(string.Intern(annotation.Text("answer_type") ?? ""), [.. answers.Select(answer => answer.Text)]);

    private static string[] Texts(JsonElement annotation) => annotation.Find("answers") is { ValueKind: JsonValueKind.Array } answers
        ? [.. answers.EnumerateArray().Select(answer => answer.Text("answer")).OfType<string>()]
        : [];

    private (string Text, int Answer)[] Answers(JsonElement annotation) => [.. Texts(annotation).Select(Of)];

    private (string Text, int Answer) Of(string text)
    {
        if (!_known.TryGetValue(text, out (string Text, int Answer) known))
        {
            known = (text, pool.Of(AnswerText.ForTable(text)));
            _known.Add(text, known);
        }

        return known;
    }

    private AnswerLabels LabelsOf((string Text, int Answer)[] answers)
    {
        KeyValuePair<int, int>[] votes = [.. answers.CountBy(answer => answer.Answer)];
        return votes.Length == 1 && votes[0].Value >= Scores.Length - 1
            ? pool.Only(votes[0].Key)
            : new AnswerLabels([.. votes.Select(vote => vote.Key)], [.. votes.Select(vote => Scores[Math.Min(vote.Value, Scores.Length - 1)])]);
    }
}
