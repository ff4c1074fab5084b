using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>A decoder layer's attention to a memory.</summary>
/// <param name="Attention">Its keys and values are made of the memory.</param>
/// <param name="Norm">Its norm.</param>
public sealed record CrossAttention(MultiHeadAttention Attention, Norm Norm);

/// <summary>What a decoder's layers look at.</summary>
/// <param name="Tokens">Those of the encoder, <c>[B, M, D]</c>.</param>
/// <param name="Mask">Added to the scores, as <see cref="AttentionMask.Keys"/> gives it; null where all tokens count.</param>
public sealed record AttentionMemory(Tensor Tokens, Tensor? Mask)
{
    /// <summary>That of some examples.</summary>
    internal AttentionMemory Rows(long start, long count) =>
        new(Tokens.narrow(0, start, count), AttentionMask.Rows(Mask, Tokens.size(0), start, count));
}
