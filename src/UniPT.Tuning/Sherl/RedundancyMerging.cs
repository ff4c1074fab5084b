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
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor layers = torch.stack([.. shallow], 2).flatten(0, 1);
        Tensor anchor = guide.flatten(0, 1).unsqueeze(1);
        Tensor weight = _relevance.forward(layers * anchor).relu() / Redundancy(layers);
        weight /= weight.sum(1, keepdim: true).Add(Epsilon);
        Tensor merged = weight.transpose(1, 2).bmm(layers).Add(anchor);
        return scope.MoveToOuter(merged.view(guide.shape));
    }

    /// <summary>How much of each layer the layers hold together, itself included: <c>[BN, K, m] → [BN, K, 1]</c>.</summary>
    private static Tensor Redundancy(Tensor layers)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor directions = layers / layers.norm(-1, keepdim: true).Add(Epsilon);
        Tensor similarities = directions.bmm(directions.transpose(1, 2)).relu();

        // A layer of zeros resembles nothing, not even itself.
        return scope.MoveToOuter(similarities.sum(-1, keepdim: true).clamp_min(Scalars.Of(Epsilon)));
    }
}
