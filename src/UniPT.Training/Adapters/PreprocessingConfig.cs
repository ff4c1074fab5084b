namespace UniPT.Training.Adapters;

/// <summary>How a picture becomes the image backbone's input.</summary>
/// <param name="ImageSize">Side of the square, in pixels.</param>
/// <param name="Resize">The interpolation.</param>
/// <param name="Range">What pixels are scaled to.</param>
public sealed record PreprocessingConfig(int ImageSize, string Resize = "bicubic-antialias", string Range = "[0, 1]");
