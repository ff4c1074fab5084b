namespace UniPT.Training.Reports.Figures;

/// <summary>How one run went.</summary>
/// <param name="Label">The <see cref="MethodFigures.Label"/> of its method.</param>
/// <param name="Loss">The loss of every step.</param>
/// <param name="RSum">The validation split's rSum after every epoch.</param>
public sealed record Curve(string Label, IReadOnlyList<double> Loss, IReadOnlyList<double> RSum);
