namespace UniPT.Tuning.BitFit;

/// <summary>There is nothing to choose about BitFit.</summary>
public sealed record BitFitOptions;
