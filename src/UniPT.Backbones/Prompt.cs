namespace UniPT.Backbones;

/// <summary>The front of a backbone's embedded token sequence, to which a method may add learned vectors.</summary>
/// <param name="width">Width of the embedding.</param>
/// <param name="positions">Tokens that the backbone has positions for; the prompt takes some of them. Without a limit for one
/// that gives the prompt none.</param>
/// <param name="words">Embeddings of the first n tokens of the vocabulary, <c>[n, width]</c>; null for a backbone of pixels.</param>
public sealed class Prompt(int width, int positions = int.MaxValue, Func<int, Tensor>? words = null)
{
    /// <summary>Width of the embedding.</summary>
    public int Width { get; } = width;

    /// <summary>Tokens that the backbone has positions for.</summary>
    public int Positions { get; } = positions;

    /// <summary>Embeddings of the first n tokens of the vocabulary; null for a backbone of pixels.</summary>
    public Func<int, Tensor>? Words { get; } = words;

    /// <summary>What stands in front of every sequence, <c>[P, width]</c>; null for nothing.</summary>
    public Tensor? Vectors { get; set; }

    /// <summary>P.</summary>
    public int Count => (int)(Vectors?.size(0) ?? 0);

    /// <summary>Tokens of a sequence that are read besides.</summary>
    public int Room => Positions - Count;

    /// <summary>The embedded tokens with the prompt in front, <c>[B, N, width] → [B, P + N, width]</c>.</summary>
    public Tensor Prepend(Tensor embedded) => Vectors is { } vectors
        ? torch.cat([vectors.unsqueeze(0).expand(embedded.size(0), Count, Width), embedded], 1)
        : embedded;

    /// <summary>The mask of the tokens with the prompt in front, which always counts, <c>[B, N] → [B, P + N]</c>.</summary>
    public Tensor? Masked(Tensor? mask) => Count == 0 || mask is null ? mask : nn.functional.pad(mask, [Count, 0], value: 1);

    /// <summary>A hidden state without the prompt's positions, <c>[B, P + N, D] → [B, N, D]</c>.</summary>
    public Tensor Remove(Tensor state) => Count == 0 ? state : state.narrow(1, Count, state.size(1) - Count);
}
