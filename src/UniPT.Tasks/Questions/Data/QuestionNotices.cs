namespace UniPT.Tasks.Questions.Data;

/// <summary>Says which figures a data set's files do not allow.</summary>
internal static class QuestionNotices
{
    /// <summary>A sentence for the figures that are left out; none where all are there.</summary>
    internal static IEnumerable<string> OfFigures(QuestionBenchmark benchmark, IReadOnlyList<QuestionSplit> splits)
    {
        foreach (QuestionSplit split in splits.Skip(1).Where(split => split.HasAnswers))
        {
            if (Missing(benchmark, split) is { } missing)
            {
                yield return $"{split.Name} is measured without {missing}.";
            }
        }
    }

    private static string? Missing(QuestionBenchmark benchmark, QuestionSplit split)
    {
        if (benchmark == QuestionBenchmark.Vqa)
        {
            return split.Questions.Any(question => question.Truth is VqaTruth)
                ? null
                : "the official accuracy over ten answers, which needs v2_mscoco_val2014_annotations.json beside the questions";
        }

        GqaTruth[] truths = [.. split.Questions.Select(question => question.Truth).OfType<GqaTruth>()];
        string[] choices = truths.Any(truth => truth.Valid is not null) ? [] : ["validity and plausibility, which need GQA's file of choices"];
        return truths.Length == 0
            ? "binary, open, consistency, validity, plausibility and distribution, which need GQA's own question file (such as testdev_balanced_questions.json) beside these"
            : choices.FirstOrDefault();
    }
}
