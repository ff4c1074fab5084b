namespace UniPT.Tasks.Questions.Metrics;

/// <summary>
/// VQAv2's official accuracy of an answer (GT-Vision-Lab/VQA): the mean, over ten people, of a third of the others who gave it, at most 1. Answers are compared in their
/// normal form, unless all ten people wrote the same.
/// </summary>
internal sealed class VqaAccuracy
{
    private const double Enough = 3;
    private readonly Dictionary<string, string> _normal = new(StringComparer.Ordinal);

    /// <summary>From 0 to 1.</summary>
    /// <param name="answer">What is measured.</param>
    /// <param name="people">What people answered.</param>
    internal double Of(string answer, IReadOnlyList<string> people)
    {
        string[] lines = [.. people.Select(AnswerText.OneLine)];
        bool isOne = lines.All(line => line == lines[0]);
        string given = isOne ? AnswerText.OneLine(answer) : Normal(answer);
        int matches = lines.Count(line => (isOne ? line : Normal(line)) == given);
        double ofOthers = (lines.Length - matches) * Math.Min(1, matches / Enough);
        double ofThose = matches * Math.Min(1, (matches - 1) / Enough);
        return matches == 0 ? 0 : (ofOthers + ofThose) / lines.Length;
    }

    private string Normal(string answer)
    {
        if (!_normal.TryGetValue(answer, out string? normal))
        {
            normal = AnswerText.Normal(answer);
            _normal.Add(answer, normal);
        }

        return normal;
    }
}
