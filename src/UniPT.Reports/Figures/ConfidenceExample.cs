namespace UniPT.Reports.Figures;

/// <summary>The layers that confidence aggregation relies on for one example.</summary>
/// <param name="Label">What the example is called, such as its file's name.</param>
/// <param name="Picture">Its picture; null where it has none.</param>
/// <param name="Text">Its text; may be empty.</param>
/// <param name="Streams">The layers of each stream of hidden states; one without layers is left out.</param>
public sealed record ConfidenceExample(string Label, Picture? Picture, string Text, IReadOnlyList<StreamWeights> Streams);

/// <summary>How much each layer of a stream counts for one example.</summary>
/// <param name="Stream">The stream's name, as readers see it.</param>
/// <param name="Layers">Its layers, shallow to deep.</param>
public sealed record StreamWeights(string Stream, IReadOnlyList<LayerWeight> Layers);

/// <summary>How much a layer counts for one example.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Weight">Its share, 0 … 1; the layers of a stream add up to 1.</param>
public sealed record LayerWeight(string Layer, double Weight);
