namespace UniPT.Training.Contracts;

/// <summary>What a figure counts in, which decides how it is written.</summary>
public enum FigureUnit
{
    /// <summary>Percent of something, 0 … 100 (correlations −100 … 100): one decimal.</summary>
    Percent,

    /// <summary>A sum of percentages: one decimal.</summary>
    Points,

    /// <summary>A place in an order, from 1: no decimals.</summary>
    Rank,

    /// <summary>Any other number: four digits.</summary>
    Number,
}

/// <summary>A figure that a task's evaluations give: what reports, tables and logs know of it.</summary>
/// <param name="Name">Its key in logs and result files, such as <c>accuracy</c>: small letters, digits and <c>_</c>.</param>
/// <param name="Title">What readers see, such as <c>R@1</c>; unique within the group.</param>
/// <param name="Group">The heading under which it stands with others.</param>
public sealed record FigureDefinition(string Name, string Title, string Group)
{
    /// <summary>What it counts in.</summary>
    public FigureUnit Unit { get; init; }

    /// <summary>Whether larger is better; otherwise smaller is.</summary>
    public bool LargerIsBetter { get; init; } = true;

    /// <summary>Whether it decides which epoch is kept and how methods are ranked: exactly one of a task's figures does.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>
    /// Its heading in a table that has room for a few figures, and its name in sentences and charts; null where it is left out
    /// of such a table and sentences call it by its <see cref="Title"/>.
    /// </summary>
    public string? ShortTitle { get; init; }

    /// <summary>A sentence that tells readers of a report what it measures; null where its title says it.</summary>
    public string? Meaning { get; init; }

    /// <summary>A value so that larger is better, whatever the direction.</summary>
    public double Merit(double value) => LargerIsBetter ? value : -value;

    /// <summary>The primary one of a task's figures.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one.</exception>
    public static FigureDefinition PrimaryOf(IEnumerable<FigureDefinition> figures) => figures.Single(figure => figure.IsPrimary);
}
