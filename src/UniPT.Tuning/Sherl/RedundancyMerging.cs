using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>
/// Merges shallow features into a guide by anti-redundancy weights (SHERL, Diao et al., ECCV 2024, arXiv 2407.07523): what
/// agrees with the guide weighs more, what other layers say as well less.
/// </summary>
internal sealed class RedundancyMerging(Weights weights, int width)
{
    private const double Epsilon = 1e-6;
    private readonly Linear _relevance = new(weights / "relevance", width, 1);

    /// <summary><c>y = g + Σₖ ãₖxₖ</c> with <c>aₖ = relu(w·(xₖ⊙g) + b) / Σⱼ relu(cos(xₖ, xⱼ))</c> and ã the weights a of sum 1.</summary>
    /// <param name="shallow">K tensors <c>[B, N, m]</c>.</param>
    /// <param name="guide">Of the same shape.</param>
    public Tensor Forward(IReadOnlyList<Tensor> shallow, Tensor guide)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor layers = Tensor.Stack([.. shallow], 2).Flatten(0, 1);
        Tensor anchor = guide.Flatten(0, 1).Unsqueeze(1);
        Tensor weight = _relevance.Forward(layers * anchor).Relu() / Redundancy(layers);
        weight /= weight.Sum(1, keep: true) + Epsilon;
        Tensor merged = weight.Transpose(1, 2).Bmm(layers) + anchor;
        return scope.HandOut(merged.View(guide.Shape));
    }

    /// <summary>How much of each layer the layers hold together, itself included: <c>[BN, K, m] → [BN, K, 1]</c>.</summary>
    private static Tensor Redundancy(Tensor layers)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor directions = layers / (layers.Norm(-1, keep: true) + Epsilon);
        Tensor similarities = directions.Bmm(directions.Transpose(1, 2)).Relu();

        // A layer of zeros resembles nothing, not even itself.
        return scope.HandOut(similarities.Sum(-1, keep: true).ClampMin(Epsilon));
    }
}
