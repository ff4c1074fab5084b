using UniPT.Backbones;

namespace UniPT.Tuning;

/// <summary>Hidden states as tokens, whatever their layout.</summary>
public static class HiddenTokens
{
    /// <summary>A hidden state as <c>[B, N, D]</c>; the cells of a map in row-major order.</summary>
    public static Tensor Tokens(this HiddenStates hidden, Index layer) => Of(hidden.Layers[layer.GetOffset(hidden.Layers.Count)]);

    /// <summary>A map's cells <c>[B, H·W, C]</c> in row-major order; what are tokens already stays.</summary>
    public static Tensor Of(Tensor state) => state.ndim == 4 ? state.flatten(2).transpose(1, 2) : state;

    /// <summary>The mean of a hidden state's valid tokens or cells, <c>[B, D]</c>.</summary>
    public static Tensor Mean(this HiddenStates hidden, int layer)
    {
        return TokenMean.Of(hidden.Tokens(layer), hidden.Mask);
    }
}
