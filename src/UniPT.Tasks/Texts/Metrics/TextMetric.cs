using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Texts.Data;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Texts.Metrics;

/// <summary>The figures of texts, in percent.</summary>
public enum TextMetric
{
    /// <summary>The share of right labels.</summary>
    Accuracy,

    /// <summary>Of two labels F1 of the positive one; of more the mean over labels.</summary>
    F1,

    /// <summary>Matthews' correlation coefficient of labels.</summary>
    Matthews,

    /// <summary>The mean of accuracy and f1.</summary>
    AccuracyF1,

    /// <summary>Pearson's correlation of numbers.</summary>
    Pearson,

    /// <summary>Spearman's correlation of numbers.</summary>
    Spearman,

    /// <summary>The mean of pearson and spearman.</summary>
    PearsonSpearman,
}

/// <summary>What is measured of texts. What is undefined, such as the correlation of a constant prediction, counts as 0, as in the published evaluations of GLUE.</summary>
internal static class TextFigures
{
    private static readonly Dictionary<TextMetric, FigureDefinition> Labels = new()
    {
        [TextMetric.Accuracy] = LabelFigures.Accuracy,
        [TextMetric.F1] = LabelFigures.F1,
        [TextMetric.Matthews] = LabelFigures.Matthews,
        [TextMetric.AccuracyF1] = LabelFigures.AccuracyF1,
    };

    private static readonly Dictionary<TextMetric, FigureDefinition> Numbers = new()
    {
        [TextMetric.Pearson] = new("pearson", "Pearson", "Numbers") { ShortTitle = "Pearson" },
        [TextMetric.Spearman] = new("spearman", "Spearman", "Numbers") { ShortTitle = "Spearman" },
        [TextMetric.PearsonSpearman] = new("pearson_spearman", "mean of Pearson and Spearman", "Numbers") { ShortTitle = "mean" },
    };

    private static readonly Dictionary<TextMetric, FigureDefinition> Texts = new() { [TextMetric.Accuracy] = LabelFigures.Accuracy };

    /// <summary>What a figure is called in logs and recipes.</summary>
    internal static string NameOf(TextMetric metric) => (Labels.GetValueOrDefault(metric) ?? Numbers[metric]).Name;

    /// <summary>The names of the figures that are defined for a kind of target.</summary>
    internal static IEnumerable<string> Names(TextTarget target) => Of(target).Values.Select(figure => figure.Name);

    /// <summary>Whether a figure is defined for a kind of target.</summary>
    internal static bool IsDefined(TextMetric metric, TextTarget target) => Of(target).ContainsKey(metric);

    /// <summary>A choice as recipes spell it.</summary>
    internal static string Spell(Enum choice) => choice.ToString().ToLowerInvariant();

    /// <summary>What is wrong with the options <c>task.kind</c> and <c>task.primary</c>.</summary>
    /// <param name="kind">What is to be learned; null where that is not said.</param>
    /// <param name="primary">The figure to choose by; null where that is not said.</param>
    /// <param name="target">What is learned.</param>
    /// <param name="glue">The task of GLUE; null for one's own texts.</param>
    internal static IEnumerable<OptionProblem> Check(TextTarget? kind, TextMetric? primary, TextTarget target, GlueTask? glue)
    {
        if (kind is { } given && given != target)
        {
            yield return new("task.kind", $"is {Spell(given)}; expected {Spell(target)} because data.glue is {Spell(glue!.Value)}.");
        }

        if (primary is { } figure && !IsDefined(figure, target))
        {
            yield return new("task.primary", $"is {NameOf(figure)}; expected one of {string.Join(", ", Names(target))} because {NameOf(figure)} is not defined for {Spell(target)}.");
        }
    }

    /// <summary>The figure that is primary where a recipe does not say.</summary>
    internal static TextMetric Default(GlueTask? glue, TextTarget target) => glue switch
    {
        GlueTask.Cola => TextMetric.Matthews,
        GlueTask.Mrpc or GlueTask.Qqp => TextMetric.AccuracyF1,
        _ => target == TextTarget.Regression ? TextMetric.PearsonSpearman : TextMetric.Accuracy,
    };

    /// <summary>The figures of a kind of target.</summary>
    internal static IReadOnlyList<FigureDefinition> Of(TextTarget target, TextMetric primary) =>
        [.. Of(target).Select(pair => pair.Value with { IsPrimary = pair.Key == primary })];

    /// <summary>The figures of predicted numbers.</summary>
    internal static IReadOnlyDictionary<string, double> OfNumbers(double[] truth, double[] predicted)
    {
        (double pearson, double spearman) = (Defined(Correlation.Pearson(truth, predicted)), Defined(Correlation.Spearman(truth, predicted)));
        return new Dictionary<string, double>
        {
            [Numbers[TextMetric.Pearson].Name] = 100 * pearson,
            [Numbers[TextMetric.Spearman].Name] = 100 * spearman,
            [Numbers[TextMetric.PearsonSpearman].Name] = 50 * (pearson + spearman),
        };
    }

    private static Dictionary<TextMetric, FigureDefinition> Of(TextTarget target) => target switch
    {
        TextTarget.Classification => Labels,
        TextTarget.Regression => Numbers,
        _ => Texts,
    };

    private static double Defined(double value) => double.IsNaN(value) ? 0 : value;
}
