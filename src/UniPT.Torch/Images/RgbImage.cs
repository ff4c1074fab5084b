namespace UniPT.Torch.Images;

/// <summary>A decoded picture in managed memory.</summary>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
/// <param name="Pixels">Red, green, blue of every pixel, row by row from the top left.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels);
