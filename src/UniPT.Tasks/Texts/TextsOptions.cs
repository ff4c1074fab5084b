using UniPT.Tasks.Texts.Metrics;

namespace UniPT.Tasks.Texts;

/// <summary>Classification of texts, or of pairs of texts, or regression: pooled features, dropout and a linear map.</summary>
public sealed record TextsOptions
{
    /// <summary>What is learned; null for what the task of GLUE is, and for classification otherwise.</summary>
    public TextTarget? Kind { get; init; }

    /// <summary>
    /// The figure by which epochs and methods are chosen; null for the one that GLUE states of the task, otherwise accuracy, or pearson_spearman for regression.
    /// </summary>
    public TextMetric? Primary { get; init; }

    /// <summary>Of two labels the one that f1 is measured of; null for the second. Of more labels f1 is the mean over all.</summary>
    public string? Positive { get; init; }

    /// <summary>How the tokens of a text become one vector.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.Mean;

    /// <summary>Share of the pooled features that is left out at random while training.</summary>
    [OptionRange(0, 0.9)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of a label's weight in the loss that all labels get in equal parts; for classification.</summary>
    [OptionRange(0, 0.9)]
    public double LabelSmoothing { get; init; }
}

/// <summary>What is learned of texts.</summary>
public enum TextTarget
{
    /// <summary>Which of several labels a text has: softmax and cross-entropy.</summary>
    Classification,

    /// <summary>A number: squared error of the number less its mean on the training split, divided by its deviation there.</summary>
    Regression,

    /// <summary>A text of its own for every example, which the task text_to_text learns to write.</summary>
    Text,
}

/// <summary>How the tokens of a text become one vector.</summary>
public enum TextPooling
{
    /// <summary>The mean of all valid ones.</summary>
    Mean,

    /// <summary>The first one, <c>[CLS]</c> of BERT; nothing of the text in causal backbones such as CLIP's.</summary>
    First,
}
