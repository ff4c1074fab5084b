namespace UniPT.Tuning.NormTuning;

/// <summary>There is nothing to choose about the tuning of layer norms.</summary>
public sealed record LayerNormOptions;
