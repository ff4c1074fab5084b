using UniPT.Tasks.Shared.DataSets;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Shared.Classification;

/// <summary>Examples that one backbone reads, each with a label or a number: what such tasks have in common, whatever their examples are.</summary>
/// <param name="task">Whose data.</param>
/// <param name="backbone">What the task calls the backbone.</param>
/// <param name="path">Where the data are, as messages say it.</param>
internal abstract class LabelledData(LearningTask task, string backbone, string path) : TaskData(task)
{
    /// <inheritdoc/>
    public sealed override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) => new LabelledBatch(backbone, examples);

    /// <inheritdoc/>
    protected sealed override string WhyEmpty(string split) => SplitName.WhyEmpty(path, split, "example", Splits);

    /// <summary>Checks that models can be measured together.</summary>
    /// <exception cref="UserException">They give scores of other labels than the data have, or in another order.</exception>
    protected static void RequireLabels(IReadOnlyList<string> labels, IEnumerable<IReadOnlyList<string>> ofModels)
    {
        if (ofModels.Any(known => !known.SequenceEqual(labels)))
        {
            throw new UserException("The adapters were trained for different labels, or in another order; measure each on its own.");
        }
    }

    /// <summary>Of values the one that occurs most often, of equally frequent ones the least.</summary>
    protected static T MostFrequent<T>(IEnumerable<T> values) where T : notnull => values.CountBy(value => value).OrderBy(pair => pair.Key).MaxBy(pair => pair.Value).Key;
}

/// <summary>The examples of a step.</summary>
/// <param name="backbone">What the task calls the backbone that reads them.</param>
/// <param name="examples">Their places in the training split.</param>
internal sealed class LabelledBatch(string backbone, int[] examples) : PreparedBatch
{
    /// <summary>Their places in the training split.</summary>
    internal int[] Examples { get; } = examples;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [backbone] = Examples };
}
