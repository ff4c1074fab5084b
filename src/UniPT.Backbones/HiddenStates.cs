using System.Runtime.CompilerServices;

namespace UniPT.Backbones;

/// <summary>The ordered layer outputs of a backbone, the last one deepest.</summary>
/// <param name="Layers">Tokens <c>[B, N, D]</c> with one N for all, or maps <c>[B, C, H, W]</c> of falling size.</param>
/// <param name="Mask">1 for tokens that count, 0 for padding and holes, <c>[B, N]</c> float32; null where all count, as with maps.</param>
public sealed record HiddenStates(IReadOnlyList<Tensor> Layers, Tensor? Mask = null)
{
    /// <summary>Of tokens of which the first count.</summary>
    /// <param name="layers">As <see cref="Layers"/>.</param>
    /// <param name="lengths">How many of each row count; null where all do. It comes before a mask, as TorchSharp makes a tensor of an array of numbers.</param>
    [OverloadResolutionPriority(1)]
    public HiddenStates(IReadOnlyList<Tensor> layers, IReadOnlyList<int>? lengths)
        : this(layers, lengths is null ? null : TokenMask.From(lengths, layers[0].size(1), layers[0].device))
    {
    }

    /// <summary>What the backbone itself makes of the input, as CLIP's projected embeddings, <c>[B, E]</c>; null for most.</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>
    /// The place of each row's token that sums it up, from 0, as of the end of CLIP's texts, <c>[B]</c> of 64-bit integers; null
    /// where the backbone has no such token.
    /// </summary>
    public Tensor? Summary { get; init; }

    /// <summary>
    /// What the last block gave, <c>[B, N, D]</c>, where the last of <see cref="Layers"/> is that behind a norm, as in T5; null where there is no
    /// such norm. Of a backbone alone: a stream gives the one or the other (<see cref="BackboneStream.BeforeEnd"/>).
    /// </summary>
    public Tensor? BeforeNorm { get; init; }

    /// <summary>The hidden states of the encoder that a decoder read; null for others.</summary>
    public HiddenStates? Memory { get; init; }

    /// <summary>The same hidden states, each tensor made into another.</summary>
    internal HiddenStates Map(Func<Tensor, Tensor> change) => new([.. Layers.Select(change)], Mask is null ? null : change(Mask))
    {
        Pooled = Pooled is null ? null : change(Pooled),
        Summary = Summary is null ? null : change(Summary),
        BeforeNorm = BeforeNorm is null ? null : change(BeforeNorm),
        Memory = Memory?.Map(change),
    };

    /// <summary>Those before the norm, where there is one.</summary>
    internal HiddenStates Unnormed => BeforeNorm is { } last ? this with { Layers = [.. Layers.SkipLast(1), last], BeforeNorm = null } : this;

    /// <summary>All tensors.</summary>
    internal IEnumerable<Tensor> Tensors => Layers.Concat(new[] { Mask, Pooled, Summary, BeforeNorm }.OfType<Tensor>()).Concat(Memory?.Tensors ?? []);
}

/// <summary>How a hidden state is laid out.</summary>
public enum HiddenLayout
{
    /// <summary><c>[B, N, D]</c>.</summary>
    Tokens,

    /// <summary><c>[B, C, H, W]</c>.</summary>
    Maps,
}
