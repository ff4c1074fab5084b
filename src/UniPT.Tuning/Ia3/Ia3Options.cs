namespace UniPT.Tuning.Ia3;

/// <summary>There is nothing to choose about IA³.</summary>
public sealed record Ia3Options;
