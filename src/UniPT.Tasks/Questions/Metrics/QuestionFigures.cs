using UniPT.Tasks.Questions.Data;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Questions.Metrics;

/// <summary>The figures of a benchmark; those that a data set's files do not allow are left out.</summary>
internal static class QuestionFigures
{
    private const double Percent = 100;

    private static readonly FigureDefinition[] OfVqa =
    [
        new("score", "score", "Soft score")
        {
            IsPrimary = true, ShortTitle = "score",
            Meaning = "Mean score of the chosen answers: 0.3, 0.6, 0.9 or 1 where one, two, three or more of ten people gave that answer.",
        },
        new("accuracy", "all", "Official accuracy over ten answers")
        {
            ShortTitle = "accuracy", Meaning = "As VQAv2's evaluation computes it: of nine of the ten people a third of those who gave the answer, at most 1, averaged.",
        },
        new("yes_no", "yes/no", "Official accuracy over ten answers"),
        new("number", "number", "Official accuracy over ten answers"),
        new("other", "other", "Official accuracy over ten answers"),
    ];

    private static readonly FigureDefinition[] OfGqa =
    [
        new("accuracy", "accuracy", "Answers") { IsPrimary = true, ShortTitle = "accuracy" },
        new("binary", "binary", "Answers") { ShortTitle = "binary", Meaning = "Accuracy of questions that verify, choose, compare or combine." },
        new("open", "open", "Answers") { ShortTitle = "open", Meaning = "Accuracy of questions that ask for something (query)." },
        new("consistency", "consistency", "Answers") { Meaning = "Accuracy of the questions that follow from one that was answered rightly, averaged over those." },
        new("validity", "validity", "Answers") { Meaning = "Share of answers that make sense, such as a colour where a colour is asked for." },
        new("plausibility", "plausibility", "Answers") { Meaning = "Share of answers that occur in the world." },
        new("distribution", "distribution", "Distribution of answers")
        {
            Unit = FigureUnit.Number, LargerIsBetter = false, Meaning = "How far the answers' distribution is from the right ones', by χ² over groups of questions, divided by 100.",
        },
    ];

    /// <summary>All figures of a benchmark.</summary>
    internal static IReadOnlyList<FigureDefinition> Of(QuestionBenchmark benchmark) => benchmark == QuestionBenchmark.Vqa ? OfVqa : OfGqa;

    /// <summary>The figures of answers, by name.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="questions">The questions, with their answers.</param>
    /// <param name="chosen">The place in the table of the answer to each.</param>
    /// <param name="answers">The table.</param>
    internal static IReadOnlyDictionary<string, double> Of(QuestionBenchmark benchmark, IReadOnlyList<Question> questions, IReadOnlyList<int> chosen, IReadOnlyList<string> answers)
    {
        var figures = new Dictionary<string, double>();
        if (benchmark == QuestionBenchmark.Vqa)
        {
            Vqa(figures, questions, chosen, answers);
        }
        else
        {
            Gqa(figures, questions, chosen, answers);
        }

        return figures;
    }

    private static void Vqa(Dictionary<string, double> figures, IReadOnlyList<Question> questions, IReadOnlyList<int> chosen, IReadOnlyList<string> answers)
    {
        figures["score"] = Percent * new AnswerScore(chosen, [.. questions.Zip(chosen, (question, answer) => question.Labels!.Of(answer))]).Accuracy;
        var accuracy = new VqaAccuracy();
        (string Type, double Accuracy)[] official =
        [
            .. questions.Zip(chosen).Where(pair => pair.First.Truth is VqaTruth)
                .Select(pair => (((VqaTruth)pair.First.Truth!).AnswerType, accuracy.Of(answers[pair.Second], ((VqaTruth)pair.First.Truth).Answers))),
        ];
        Add(figures, "accuracy", official.Select(question => question.Accuracy));
        foreach (string name in (string[])["yes/no", "number", "other"])
        {
            Add(figures, name.Replace('/', '_'), official.Where(question => question.Type == name).Select(question => question.Accuracy));
        }
    }

    private static void Gqa(Dictionary<string, double> figures, IReadOnlyList<Question> questions, IReadOnlyList<int> chosen, IReadOnlyList<string> answers)
    {
        (Question Question, int Answer)[] balanced = [.. questions.Zip(chosen).Where(pair => pair.First.Truth is not GqaTruth { IsBalanced: false })];
        Add(figures, "accuracy", balanced.Select(pair => pair.Question.Labels!.Of(pair.Answer)));
        GqaAnswer[] known = [.. balanced.Where(pair => pair.Question.Truth is GqaTruth).Select(pair => new GqaAnswer((GqaTruth)pair.Question.Truth!, answers[pair.Answer]))];
        Add(figures, "binary", known.Where(answer => !answer.Truth.IsOpen).Select(answer => answer.Score));
        Add(figures, "open", known.Where(answer => answer.Truth.IsOpen).Select(answer => answer.Score));
        Add(figures, "validity", known.Where(answer => answer.Truth.Valid is not null).Select(answer => answer.Belongs(answer.Truth.Valid!)));
        Add(figures, "plausibility", known.Where(answer => answer.Truth.Plausible is not null).Select(answer => answer.Belongs(answer.Truth.Plausible!)));
        Add(figures, "consistency", Consistency(questions, chosen, answers, known));
        if (Distribution(known) is { } distance)
        {
            figures["distribution"] = distance;
        }
    }

    /// <summary>
    /// Of every question that was answered rightly how many of those that follow from it were too, of which only those count that the data have; 0 where none was
    /// answered rightly.
    /// </summary>
    private static IEnumerable<double> Consistency(IReadOnlyList<Question> questions, IReadOnlyList<int> chosen, IReadOnlyList<string> answers, GqaAnswer[] known)
    {
        if (known.All(answer => answer.Truth.Entailed.Count == 0))
        {
            return [];
        }

        Dictionary<string, double> scores = questions.Zip(chosen).Where(pair => pair.First.Truth is GqaTruth)
            .DistinctBy(pair => pair.First.Id).ToDictionary(pair => pair.First.Id, pair => new GqaAnswer((GqaTruth)pair.First.Truth!, answers[pair.Second]).Score, StringComparer.Ordinal);
        (double Score, double Entailed)[] entailing =
        [
            .. known.Select(answer => (answer.Score, Entailed: answer.Truth.Entailed.Where(scores.ContainsKey).Select(other => scores[other]).ToArray()))
                .Where(answer => answer.Entailed.Length > 0).Select(answer => (answer.Score, answer.Entailed.Average())),
        ];
        return entailing.Length == 0 ? [] : entailing.Where(answer => answer.Score > 0).Select(answer => answer.Entailed).DefaultIfEmpty();
    }

    /// <summary>χ² of the chosen answers against the right ones in every group, weighed by the group's questions, over 100; null without groups.</summary>
    private static double? Distribution(GqaAnswer[] known)
    {
        double sum = 0;
        int all = 0;
        foreach (IGrouping<string, GqaAnswer> group in known.Where(answer => answer.Truth.Group is not null).GroupBy(answer => answer.Truth.Group!))
        {
            Dictionary<string, int> given = group.CountBy(answer => answer.Given).ToDictionary();
            int size = group.Count();
            sum += size * group.CountBy(answer => answer.Truth.Answer).Sum(right => Math.Pow(given.GetValueOrDefault(right.Key) - right.Value, 2) / right.Value);
            all += size;
        }

        return all == 0 ? null : sum / all / Percent;
    }

    private static void Add(Dictionary<string, double> figures, string name, IEnumerable<double> scores)
    {
        double[] all = [.. scores];
        if (all.Length > 0)
        {
            figures[name] = Percent * all.Average();
        }
    }

    /// <summary>An answer to a question of GQA.</summary>
    private readonly record struct GqaAnswer(GqaTruth Truth, string Given)
    {
        private static readonly HashSet<string> WhatIsCommon = ["color", "material", "shape"];

        internal double Score => Given == Truth.Answer ? 1 : 0;

        internal double Belongs(IReadOnlySet<string> choices) => (Truth.AsksWhatIsCommon ? WhatIsCommon : choices).Contains(Given) ? 1 : 0;
    }
}
