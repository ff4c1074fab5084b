namespace UniPT.Tasks.Questions.Data;

/// <summary>A question about a picture.</summary>
/// <param name="Id">What the benchmark calls it.</param>
/// <param name="Text">The question.</param>
/// <param name="Picture">Which of <see cref="QuestionPictures"/>.</param>
/// <param name="Labels">How right answers are; null where that is not known.</param>
/// <param name="Truth">What else figures are made of; null in training, or where the files do not say it.</param>
internal sealed record Question(string Id, string Text, int Picture, AnswerLabels? Labels, QuestionTruth? Truth = null);

/// <summary>The answers of a question that are right to some degree; all others are wrong.</summary>
/// <param name="Answers">Their places in the table of answers.</param>
/// <param name="Scores">How right each is, above 0, at most 1.</param>
internal sealed record AnswerLabels(int[] Answers, float[] Scores)
{
    /// <summary>Nothing is right.</summary>
    internal static AnswerLabels None { get; } = new([], []);

    /// <summary>How right an answer is.</summary>
    internal double Of(int answer) => Array.IndexOf(Answers, answer) is >= 0 and var place ? Scores[place] : 0;

    /// <summary>The answer that is most right, of equals the first; null where none is.</summary>
    internal int? Best => Answers.Length == 0 ? null : Answers[Array.IndexOf(Scores, Scores.Max())];

    /// <summary>The same in another table.</summary>
    /// <param name="places">Where each answer stands there; −1 for nowhere.</param>
    internal AnswerLabels Moved(int[] places)
    {
        if (Array.TrueForAll(Answers, answer => places[answer] >= 0))
        {
            return this with { Answers = Array.ConvertAll(Answers, answer => places[answer]) };
        }

        int[] kept = [.. Enumerable.Range(0, Answers.Length).Where(i => places[Answers[i]] >= 0)];
        return kept.Length == 0 ? None : new(Array.ConvertAll(kept, i => places[Answers[i]]), Array.ConvertAll(kept, i => Scores[i]));
    }
}

/// <summary>What figures are made of besides labels.</summary>
internal abstract record QuestionTruth;

/// <summary>What VQAv2 says of a question.</summary>
/// <param name="AnswerType"><c>yes/no</c>, <c>number</c> or <c>other</c>.</param>
/// <param name="Answers">What ten people answered.</param>
internal sealed record VqaTruth(string AnswerType, IReadOnlyList<string> Answers) : QuestionTruth;

/// <summary>What GQA says of a question.</summary>
/// <param name="Answer">The right answer.</param>
internal sealed record GqaTruth(string Answer) : QuestionTruth
{
    /// <summary>Whether it is one of the balanced questions, of which figures are made.</summary>
    internal bool IsBalanced { get; init; } = true;

    /// <summary>What it asks for, such as <c>query</c> or <c>verify</c>.</summary>
    internal required string Structural { get; init; }

    /// <summary>Whether it asks for something; other questions are binary.</summary>
    internal bool IsOpen => Structural == "query";

    /// <summary>Whether it asks what two things have in common: then color, material and shape are the valid answers.</summary>
    internal bool AsksWhatIsCommon { get; init; }

    /// <summary>The kind of its answers, over which distributions are compared; null for none.</summary>
    internal string? Group { get; init; }

    /// <summary>The questions whose answers follow from this one's, itself left out.</summary>
    internal IReadOnlyList<string> Entailed { get; init; } = [];

    /// <summary>Answers that make sense; null where no file says it.</summary>
    internal IReadOnlySet<string>? Valid { get; init; }

    /// <summary>Answers that are likely in the world; null where no file says it.</summary>
    internal IReadOnlySet<string>? Plausible { get; init; }
}
