namespace UniPT.Tasks.Texts.Data;

/// <summary>The eight tasks of GLUE (Wang et al., arXiv 1804.07461) that are learned from texts with a label or a score.</summary>
public enum GlueTask
{
    /// <summary>Whether a sentence is grammatical (CoLA).</summary>
    Cola,

    /// <summary>Whether a sentence of a film review is positive (SST-2).</summary>
    Sst2,

    /// <summary>Whether two sentences say the same (MRPC).</summary>
    Mrpc,

    /// <summary>How similar two sentences are, from 0 to 5 (STS-B).</summary>
    Stsb,

    /// <summary>Whether two questions ask the same (QQP).</summary>
    Qqp,

    /// <summary>Whether a premise entails a hypothesis, contradicts it or neither (MNLI); val is the mismatched dev set, test the matched one.</summary>
    Mnli,

    /// <summary>Whether a sentence answers a question (QNLI).</summary>
    Qnli,

    /// <summary>Whether a sentence entails another (RTE).</summary>
    Rte,
}

/// <summary>How a task of GLUE is published: tab-separated files with a header, in which quotation marks mean nothing.</summary>
/// <param name="Folder">The folder in the published archive.</param>
/// <param name="Text">The column of the text, or of the first of two.</param>
/// <param name="SecondText">The column of the second text; null for none.</param>
/// <param name="Label">The column of the label or score.</param>
/// <param name="Labels">The labels as they stand in the files with what they mean, in the order of their indices; none for scores.</param>
internal sealed record GlueFormat(string Folder, string Text, string? SecondText, string Label, IReadOnlyList<(string Written, string Meaning)> Labels)
{
    private static readonly (string, string)[] Entailment = [("entailment", "entailment"), ("not_entailment", "not_entailment")];

    /// <summary>The columns of files without a header; null: the first line names them.</summary>
    public IReadOnlyList<string>? Columns { get; private init; }

    /// <summary>The files of train, val and test; null where test has no labels.</summary>
    public IReadOnlyList<string?> Files { get; private init; } = ["train.tsv", "dev.tsv", null];

    /// <summary>The file without labels of which predictions are handed to GLUE's server, if it can be the test split; null where another is.</summary>
    public string? Unlabelled => Files[^1] is null ? "test.tsv" : null;

    /// <summary>The format of a task.</summary>
    public static GlueFormat Of(GlueTask task) => task switch
    {
        GlueTask.Cola => new("CoLA", "sentence", null, "label", [("0", "unacceptable"), ("1", "acceptable")])
        {
            Columns = ["source", "label", "mark", "sentence"],
        },
        GlueTask.Sst2 => new("SST-2", "sentence", null, "label", [("0", "negative"), ("1", "positive")]),
        GlueTask.Mrpc => new("MRPC", "#1 String", "#2 String", "Quality", [("0", "not_equivalent"), ("1", "equivalent")]),
        GlueTask.Stsb => new("STS-B", "sentence1", "sentence2", "score", []),
        GlueTask.Qqp => new("QQP", "question1", "question2", "is_duplicate", [("0", "not_duplicate"), ("1", "duplicate")]),
        GlueTask.Mnli => new(
            "MNLI", "sentence1", "sentence2", "gold_label", [("entailment", "entailment"), ("neutral", "neutral"), ("contradiction", "contradiction")])
        {
            Files = ["train.tsv", "dev_mismatched.tsv", "dev_matched.tsv"],
        },
        GlueTask.Qnli => new("QNLI", "question", "sentence", "label", Entailment),
        GlueTask.Rte => new("RTE", "sentence1", "sentence2", "label", Entailment),
        _ => throw new ArgumentOutOfRangeException(nameof(task)),
    };
}
