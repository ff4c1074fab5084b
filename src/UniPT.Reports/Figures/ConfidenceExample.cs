namespace UniPT.Reports.Figures;

/// <summary>The layers that confidence aggregation relies on for one picture and its caption.</summary>
/// <param name="Label">The <see cref="MethodFigures.Label"/> of the method.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Caption">Its caption.</param>
/// <param name="Image">Layers of the image tower, shallow to deep.</param>
/// <param name="Text">Layers of the text tower, shallow to deep.</param>
public sealed record ConfidenceExample(
    string Label, Picture Picture, string Caption, IReadOnlyList<LayerWeight> Image, IReadOnlyList<LayerWeight> Text);
