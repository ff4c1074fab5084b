using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>What a tuned backbone gives to the task's head.</summary>
/// <param name="Tokens">Adapted features <c>[B, N, output]</c>; the cells of a map in row-major order.</param>
/// <param name="Lengths">Valid tokens of each row; null where all are.</param>
/// <param name="Confidence">The weight of every merged layer, <c>[B, L]</c>; null for methods without.</param>
/// <param name="Direct">What a direct path adds to the pooled features, <c>[B, output]</c>; null without one.</param>
public sealed record TunedFeatures(
    Tensor Tokens, IReadOnlyList<int>? Lengths = null, Tensor? Confidence = null, Tensor? Direct = null)
{
    /// <summary>Lets the tensors outlive a scope.</summary>
    internal TunedFeatures HandOut(DisposeScope scope)
    {
        scope.MoveAllToOuter([.. new[] { Tokens, Confidence, Direct }.OfType<Tensor>()]);
        return this;
    }
}
