using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Metrics;

namespace UniPT.Tasks.TextToText;

/// <summary>Labels, numbers or texts that an encoder–decoder such as T5 learns to write.</summary>
public sealed record TextToTextOptions
{
    /// <summary>
    /// What is learned to be written; null for what the task of GLUE is, of which labels are written as their indices, and for text otherwise, any text in the column of the
    /// label.
    /// </summary>
    public TextTarget? Kind { get; init; }

    /// <summary>
    /// The figure by which epochs and methods are chosen; null for the one that GLUE states of the task, the mean where it states two; otherwise accuracy, or pearson_spearman
    /// for regression.
    /// </summary>
    public TextMetric? Primary { get; init; }

    /// <summary>Of two labels the one that f1 is measured of; null for the second. Of more labels f1 is the mean over all.</summary>
    public string? Positive { get; init; }

    /// <summary>
    /// What the encoder reads of an example, in which <c>{text}</c> and <c>{second_text}</c> stand for what the columns hold, such as
    /// <c>question: {text} context: {second_text}</c>; null for the published form of a task of GLUE, else for the text, or for both with a blank between them.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Whether a source of GLUE begins with the name of its task, as published but for the runs of adapters.</summary>
    public bool Prefix { get; init; } = true;

    /// <summary>Whether the word <c>hypothesis</c> in the sources of MNLI lacks its colon, as in the published code.</summary>
    public bool MissingColon { get; init; }

    /// <summary>
    /// Numbers are written as multiples of 1 divided by this: 5 is T5's own form of STS-B, multiples of 0.2, which the published code of LST and SHERL means as well; what it
    /// does is 10.
    /// </summary>
    [OptionRange(1, 1000)]
    public int StepsOfOne { get; init; } = 5;

    /// <summary>The most tokens that are written for an example, the start token counted. Targets must fit. The published code takes 20 while it trains and 128 at the end.</summary>
    [OptionRange(2, 8192)]
    public int MaxLength { get; init; } = 20;

    /// <summary>Beginnings of each text that are kept beside each other; 1 takes the likeliest token every time, as published.</summary>
    [OptionRange(1, 64)]
    public int Beams { get; init; } = 1;
}
