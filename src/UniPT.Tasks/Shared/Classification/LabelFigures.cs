using UniPT.Training.Contracts;

namespace UniPT.Tasks.Shared.Classification;

/// <summary>What is measured of predicted labels, in percent. What is undefined, such as the correlation of a constant prediction, counts as 0.</summary>
internal static class LabelFigures
{
    /// <summary>The share of right labels.</summary>
    internal static readonly FigureDefinition Accuracy = new("accuracy", "accuracy", "Labels") { ShortTitle = "accuracy" };

    /// <summary>Of two labels F1 of the positive one; of more the mean over labels.</summary>
    internal static readonly FigureDefinition F1 = new("f1", "F1", "Labels") { ShortTitle = "F1" };

    /// <summary>Matthews' correlation coefficient.</summary>
    internal static readonly FigureDefinition Matthews = new("matthews", "Matthews", "Labels") { ShortTitle = "Matthews" };

    /// <summary>The mean of accuracy and F1.</summary>
    internal static readonly FigureDefinition AccuracyF1 = new("accuracy_f1", "mean of accuracy and F1", "Labels");

    /// <summary>The label that F1 is of: the one that is given or of two the second; null for the mean over labels.</summary>
    /// <exception cref="UserException">The given one is none, or there are not two.</exception>
    internal static int? Positive(IReadOnlyList<string> labels, string? given)
    {
        if (given is null)
        {
            return labels.Count == 2 ? 1 : null;
        }

        int place = labels.ToList().IndexOf(given);
        return place >= 0 && labels.Count == 2
            ? place
            : throw new UserException($"task.positive is {given}; expected {(labels.Count == 2 ? $"{labels[0]} or {labels[1]}" : $"none because there are {labels.Count} labels, over which f1 is the mean")}.");
    }

    /// <summary>The most probable labels, best first.</summary>
    /// <param name="labels">All of them.</param>
    /// <param name="probabilities">Theirs.</param>
    /// <param name="count">How many at most.</param>
    internal static PredictionResult Best(IReadOnlyList<string> labels, IReadOnlyList<float> probabilities, int count) =>
        new([.. labels.Zip(probabilities, (label, probability) => new Prediction(label, probability)).OrderByDescending(answer => answer.Score).Take(count)]);

    /// <summary>The figures of predicted labels.</summary>
    /// <param name="truth">Indices of labels.</param>
    /// <param name="predicted">Indices of labels.</param>
    /// <param name="positive">Of two labels the one that F1 is of; null for the mean over labels.</param>
    internal static IReadOnlyDictionary<string, double> Of(int[] truth, int[] predicted, int? positive)
    {
        double accuracy = ClassificationMetrics.Accuracy(truth, predicted);
        double f1 = positive is { } label ? ClassificationMetrics.F1(truth, predicted, label) : ClassificationMetrics.MacroF1(truth, predicted);
        return new Dictionary<string, double>
        {
            [Accuracy.Name] = 100 * accuracy,
            [F1.Name] = 100 * f1,
            [Matthews.Name] = 100 * ClassificationMetrics.Matthews(truth, predicted),
            [AccuracyF1.Name] = 50 * (accuracy + f1),
        };
    }
}
