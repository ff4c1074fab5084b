using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.TextToText;

/// <summary>
/// What is measured of outputs against what should have been written, in percent, as the published evaluation of LST and SHERL does: accuracy is exact equality; for F1 an
/// output that is no label counts as another label than the right one, and for Matthews' coefficient as a class of its own; for correlations what is no number counts as −1.
/// </summary>
internal static class WrittenFigures
{
    private static readonly FigureDefinition NoLabel = new("no_label", "no label", "Outputs")
    {
        LargerIsBetter = false,
        Meaning = "The share of outputs that are none of the labels.",
    };

    private static readonly FigureDefinition NoNumber = new("no_number", "no number", "Outputs")
    {
        LargerIsBetter = false,
        Meaning = "The share of outputs that are no number.",
    };

    /// <summary>The figures of a kind of target.</summary>
    internal static IReadOnlyList<FigureDefinition> Of(TextTarget target, TextMetric primary)
    {
        IReadOnlyList<FigureDefinition> figures = TextFigures.Of(target, primary);
        return target switch
        {
            TextTarget.Classification => [.. figures, NoLabel],
            TextTarget.Regression => [.. figures, NoNumber],
            _ => [.. figures.Select(figure => figure with { Title = "exact match", ShortTitle = "exact match", Group = "Outputs" })],
        };
    }

    /// <summary>Of labels.</summary>
    /// <param name="labels">As they are written.</param>
    /// <param name="truth">The right ones' indices.</param>
    /// <param name="written">The outputs.</param>
    /// <param name="positive">Of two labels the one that F1 is of; null for the mean over labels.</param>
    internal static IReadOnlyDictionary<string, double> OfLabels(IReadOnlyList<string> labels, int[] truth, IReadOnlyList<string> written, int? positive)
    {
        Dictionary<string, int> classes = labels.Select((label, index) => (label, index)).ToDictionary(StringComparer.Ordinal);
        int[] predicted = [.. written.Select(output => classes.TryGetValue(output, out int known) ? known : classes[output] = classes.Count)];
        int[] labelled = [.. predicted.Select((label, i) => label < labels.Count ? label : (truth[i] + 1) % labels.Count)];
        return new Dictionary<string, double>(LabelFigures.Of(truth, labelled, positive))
        {
            [LabelFigures.Matthews.Name] = 100 * ClassificationMetrics.Matthews(truth, predicted),
            [NoLabel.Name] = Share(predicted, label => label >= labels.Count),
        };
    }

    /// <summary>Of numbers.</summary>
    internal static IReadOnlyDictionary<string, double> OfNumbers(double[] truth, IReadOnlyList<string> written) =>
        new Dictionary<string, double>(TextFigures.OfNumbers(truth, [.. written.Select(TargetForm.NumberOrNone)]))
        {
            [NoNumber.Name] = Share(written, output => TargetForm.Number(output) is null),
        };

    /// <summary>Of texts.</summary>
    internal static IReadOnlyDictionary<string, double> OfTexts(IReadOnlyList<string> truth, IReadOnlyList<string> written) =>
        new Dictionary<string, double> { [LabelFigures.Accuracy.Name] = Share([.. truth.Zip(written)], pair => pair.First == pair.Second) };

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> which) => 100.0 * all.Count(which) / all.Count;
}
