namespace UniPT.Reports.Table;

/// <summary>A method's cell of a table of figures.</summary>
/// <param name="Text">The figure with its unit.</param>
/// <param name="Deviation">How far seeds are apart, such as <c>± 0.6</c>; null where there is one seed or no such figure.</param>
/// <param name="IsBest">Whether it is the best of its row; never where a row has no best or all are equal.</param>
public sealed record FigureCell(string Text, string? Deviation = null, bool IsBest = false);
