using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>What a tuned backbone gives to the task's head.</summary>
/// <param name="Tokens">Adapted features <c>[B, N, output]</c>; the cells of a map in row-major order.</param>
/// <param name="Mask">1 for tokens that count, 0 for padding and holes, <c>[B, N]</c> float32; null where all count.</param>
/// <param name="Confidence">The weight of every merged layer, <c>[B, L]</c>; null for methods without.</param>
/// <param name="Direct">What a direct path adds to the pooled features, <c>[B, output]</c>; null without one.</param>
public sealed record TunedFeatures(
    Tensor Tokens, Tensor? Mask = null, Tensor? Confidence = null, Tensor? Direct = null)
{
    /// <summary>The names of the layers that <see cref="Confidence"/> weighs, in its order; empty without it.</summary>
    public IReadOnlyList<string> MergedLayers { get; init; } = [];

    /// <summary>
    /// Adapted features of the merged layers of a decoder, as <see cref="Tokens"/> and in the order of <see cref="MergedLayers"/>, for auxiliary losses; empty unless the
    /// method was asked for them.
    /// </summary>
    public IReadOnlyList<Tensor> Auxiliary { get; init; } = [];

    /// <summary>
    /// What the backbone itself makes of the input, <c>[B, E]</c>, as CLIP's projected embedding, where the method gives its features as they are
    /// (<see cref="HiddenStates.Pooled"/>); null elsewhere.
    /// </summary>
    public Tensor? Pooled { get; init; }

    /// <summary>The weight of each merged layer for one example, with the layer's name; empty for methods without.</summary>
    /// <param name="example">Its row.</param>
    public IReadOnlyList<(string Layer, float Weight)> ConfidenceOf(int example)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Confidence is null ? [] : [.. MergedLayers.Zip(Confidence.select(0, example).ToArray<float>())];
    }

    /// <summary>Lets the tensors outlive a scope.</summary>
    internal TunedFeatures HandOut(DisposeScope scope)
    {
        scope.MoveAllToOuter([.. new[] { Tokens, Mask, Confidence, Direct, Pooled }.OfType<Tensor>(), .. Auxiliary]);
        return this;
    }
}
