using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Lets a target layer interact with the anchor: <c>(L1rows(relu(A·Tᵀ ⊙ mask)) + I)·T</c>, without scale, heads or
/// softmax.
/// </summary>
internal sealed class ParallelInteraction(double epsilon)
{
    /// <summary>The target's features as the anchor's tokens see them, <c>[B, N, m]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, N, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public Tensor Forward(Tensor anchor, Tensor target, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor similarity = anchor.Bmm(target.Transpose(1, 2));
        similarity = (mask is null ? similarity : similarity * mask.Unsqueeze(1)).Relu();
        Tensor attention = similarity / (similarity.Sum(-1, true) + epsilon);
        return scope.HandOut(target.Baddbmm(attention, target));
    }
}
