using UniPT.Training.Contracts;

namespace UniPT.Reports.Summary;

/// <summary>How sentences and charts speak of a task's figures.</summary>
internal static class FigureWords
{
    /// <summary>Its name beside others; its title names it within its group only.</summary>
    internal static string ShortName(this FigureDefinition figure) => figure.ShortTitle ?? figure.Title;

    /// <summary>What the best value is.</summary>
    internal static string Superlative(this FigureDefinition figure) => figure.LargerIsBetter ? "highest" : "lowest";

    /// <summary>The titles of those in percent, in their order; a title that several groups have, once.</summary>
    internal static string[] InPercent(this IEnumerable<FigureDefinition> figures) =>
        [.. figures.Where(figure => figure.Unit == FigureUnit.Percent).Select(figure => figure.Title).Distinct()];

    /// <summary>
    /// Whether a value is hardly better than guessing: by less than half of the chance level and, where it is a percentage, a tenth of
    /// what guessing leaves to the best value.
    /// </summary>
    internal static bool IsNearChance(this FigureDefinition figure, double value, double chance)
    {
        double margin = Math.Abs(chance) * (figure.LargerIsBetter ? 0.5 : 1 / 3.0);
        if (figure.Unit == FigureUnit.Percent)
        {
            margin = Math.Min(margin, 0.1 * (figure.LargerIsBetter ? 100 - chance : chance));
        }

        return figure.Merit(value) - figure.Merit(chance) <= margin;
    }
}
