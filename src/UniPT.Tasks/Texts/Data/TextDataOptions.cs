using UniPT.Training.Recipes;

namespace UniPT.Tasks.Texts.Data;

/// <summary>Texts with labels or numbers: a published task of GLUE, or tables of one's own.</summary>
public sealed record TextDataOptions : DataOptions
{
    /// <summary>
    /// A task of GLUE, whose published files are read as they are (<c>train.tsv</c>, <c>dev.tsv</c>, <c>test.tsv</c>); no columns and labels may then be given.
    /// Null for tables.
    /// </summary>
    public GlueTask? Glue { get; init; }

    /// <summary>Where the splits of a task of GLUE come from.</summary>
    public GlueSplits Splits { get; init; }

    /// <summary>The column of the text, or of the first of two.</summary>
    public string Text { get; init; } = "text";

    /// <summary>The column of a second text, which is read together with the first; null for none.</summary>
    public string? SecondText { get; init; }

    /// <summary>The column of the label or number.</summary>
    public string Label { get; init; } = "label";

    /// <summary>The column that puts rows into splits (<c>train</c>, <c>val</c> or <c>dev</c>, <c>test</c>), where there is one of this name.</summary>
    public string Split { get; init; } = "split";

    /// <summary>All labels in the order of their indices; an empty list takes those of the training split, sorted.</summary>
    public OptionList<string> Labels { get; init; } = [];

    /// <summary>Whether fields of CSV and TSV may stand between quotation marks; otherwise a mark is a character as any other.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>
    /// The most tokens of a text, or of two together, special ones included; longer ones are cut. Null for what the backbone reads, and for 128 of the task text_to_text, as
    /// published.
    /// </summary>
    [OptionRange(8, 8192)]
    public int? MaxTokens { get; init; }

    /// <summary>Whether there are two texts in each row.</summary>
    internal bool HasPairs => Glue is { } glue ? GlueFormat.Of(glue).SecondText is not null : SecondText is not null;

    /// <summary>What of these options does not fit together.</summary>
    internal IEnumerable<OptionProblem> Check()
    {
        var plain = new TextDataOptions { Path = Path };
        foreach ((string key, bool isGiven) in ((string, bool)[])
            [("text", Text != plain.Text), ("second_text", SecondText is not null), ("label", Label != plain.Label), ("labels", Labels.Count > 0)])
        {
            if (Glue is not null && isGiven)
            {
                yield return new($"data.{key}", "is given; expected none because data.glue says what the columns are.");
            }
        }

        if (Glue is null && Splits != GlueSplits.Files)
        {
            yield return new("data.splits", $"is {Splits.ToString().ToLowerInvariant()}; expected files because data.glue names no task whose splits are published.");
        }
    }

    /// <summary>What is learned of a task of GLUE, or <paramref name="target"/> of one's own texts.</summary>
    internal TextTarget TargetOr(TextTarget target) => Glue switch
    {
        null => target,
        GlueTask.Stsb => TextTarget.Regression,
        _ => TextTarget.Classification,
    };
}
