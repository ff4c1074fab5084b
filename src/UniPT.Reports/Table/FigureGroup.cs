namespace UniPT.Reports.Table;

/// <summary>Rows of a table of figures that belong together.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Rows">The rows.</param>
public sealed record FigureGroup(string Name, IReadOnlyList<FigureRow> Rows);
