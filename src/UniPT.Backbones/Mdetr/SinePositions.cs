using UniPT.Torch;

namespace UniPT.Backbones.Mdetr;

/// <summary>
/// Where the cells of a grid are in their picture, as sines and cosines of rising wavelengths (Carion et al., DETR, ECCV 2020), in the coordinates of
/// the part that counts: from 0 at its start to 2π at its end.
/// </summary>
internal static class SinePositions
{
    private const double Temperature = 10000;
    private const double Epsilon = 1e-6;

    /// <summary>The codes <c>[B, h, w, width]</c>, those of the row in the first half, of the column in the second; float32.</summary>
    /// <param name="valid">1 for cells that count, 0 for padding, <c>[B, h, w]</c> float32.</param>
    /// <param name="width">Features of a code, a multiple of 4.</param>
    internal static Tensor Of(Tensor valid, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int pairs = width / 4;
        double[] frequencies = [.. Enumerable.Range(0, pairs).Select(pair => 2 * Math.PI / Math.Pow(Temperature, pair / (double)pairs))];
        Tensor scale = TensorData.From(frequencies).to(ScalarType.Float32).to(valid.device);
        return scope.MoveToOuter(torch.cat([Codes(valid, 1, scale), Codes(valid, 2, scale)], -1));
    }

    /// <summary>Sines and cosines in turn. A row or column without a cell that counts is at 0.</summary>
    private static Tensor Codes(Tensor valid, int axis, Tensor scale)
    {
        Tensor counts = valid.cumsum(axis);
        Tensor places = counts / counts.narrow(axis, counts.size(axis) - 1, 1).Add(Epsilon);
        Tensor angles = places.unsqueeze(-1) * scale;
        return torch.stack([angles.sin(), angles.cos()], -1).flatten(-2);
    }
}
