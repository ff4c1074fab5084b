using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Lets every target layer interact with the anchor: <c>(L1rows(relu(A·Tᵀ ⊙ mask)) + I)·T</c>, without scale, heads or
/// softmax.
/// </summary>
internal sealed class ParallelInteraction(double epsilon)
{
    /// <summary>The sum of all layers' results, each times its confidence: <c>[B, N, m]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, N, m]</c>.</param>
    /// <param name="targets">The targets' <c>[B, L, N, m]</c>.</param>
    /// <param name="confidence">Weights of the layers <c>[B, L]</c>.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public Tensor Forward(Tensor anchor, Tensor targets, Tensor confidence, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        (long batch, long layers, long tokens) = (targets.Size(0), targets.Size(1), targets.Size(2));

        // All layers' keys side by side, so that a product over them also sums the layers.
        Tensor keys = targets.View(batch, layers * tokens, -1);
        Tensor similarity = anchor.Bmm(keys.Transpose(1, 2)).View(batch, tokens, layers, tokens);
        if (mask is not null)
        {
            similarity = similarity * mask.View(batch, 1, 1, tokens);
        }

        similarity = similarity.Relu();
        Tensor attention = similarity / (similarity.Sum(-1, true) + epsilon);
        Tensor identity = Tensor.Eye(tokens, attention.Type, attention.Device).View(1, tokens, 1, tokens);
        Tensor weighted = (attention + identity) * confidence.View(batch, 1, layers, 1);
        return scope.HandOut(weighted.View(batch, tokens, layers * tokens).Bmm(keys));
    }
}
