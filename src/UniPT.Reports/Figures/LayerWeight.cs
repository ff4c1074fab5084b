namespace UniPT.Reports.Figures;

/// <summary>How much a layer counts for one example.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Weight">Its share, 0 … 1; the layers of a tower add up to 1.</param>
public sealed record LayerWeight(string Layer, double Weight);
