using UniPT.Torch;

namespace UniPT.Backbones.ClipVil;

/// <summary>
/// The cells of a map as tokens, row by row, each with a vector for its row and one for its column added, <c>[B, C, H, W] → [B, H·W, C]</c>. The table
/// that is called x is that of the rows, as in the published code.
/// </summary>
internal sealed class GridPositions(Weights weights, int positions, int width) : Module(weights)
{
    private readonly Embedding _rows = new(weights / "x_position_embedding", positions, width);
    private readonly Embedding _columns = new(weights / "y_position_embedding", positions, width);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor places = _rows.First(input.size(2)).unsqueeze(1).Add(_columns.First(input.size(3)).unsqueeze(0));
        return input.flatten(2).transpose(1, 2).Add(places.flatten(0, 1));
    }
}
