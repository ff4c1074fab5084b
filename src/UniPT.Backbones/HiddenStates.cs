namespace UniPT.Backbones;

/// <summary>The ordered layer outputs of a backbone, the last one deepest.</summary>
/// <param name="Layers">Tokens <c>[B, N, D]</c> with one N for all, or maps <c>[B, C, H, W]</c> of falling size.</param>
/// <param name="Lengths">Valid tokens of each row; null where all are, as with maps.</param>
public sealed record HiddenStates(IReadOnlyList<Tensor> Layers, IReadOnlyList<int>? Lengths = null)
{
    /// <summary>What the backbone itself makes of the input, as CLIP's projected embeddings, <c>[B, E]</c>; null for most.</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>
    /// The place of each row's token that sums it up, from 0, as of the end of CLIP's texts, <c>[B]</c> of 64-bit integers; null
    /// where the backbone has no such token.
    /// </summary>
    public Tensor? Summary { get; init; }

    /// <summary>1 for valid and 0 for padding tokens, <c>[B, N]</c> float; null where all are valid.</summary>
    public Tensor? Mask() => Lengths is null ? null : TokenMask.From(Lengths, Layers[0].size(1), Layers[0].device);
}
