using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>How much a layer counts for one example, before the softmax over layers; causal: for one token.</summary>
internal sealed class ConfidenceGate
{
    private readonly Linear _linear;

    /// <summary>Takes the linear map to one number; all layers share it.</summary>
    public ConfidenceGate(Weights weights, long width)
    {
        _linear = new Linear(weights, width, 1);
        Parameters = weights.Parameters;
    }

    /// <summary>Weight and bias.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The layer's score <c>[B, 1 or N, 1]</c>: of the product of the anchor's mean and the target's.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="masks">What each token counts.</param>
    public Tensor Forward(Tensor anchor, Tensor target, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor anchorMean = anchor.Size(1) == target.Size(1) ? Mean(anchor, masks.Shares) : anchor;
        return scope.HandOut(Score(anchorMean, Mean(target, masks.Shares)));
    }

    /// <summary>The score from both means, <c>[B, 1 or N, m]</c> each.</summary>
    public Tensor Score(Tensor anchorMean, Tensor targetMean) => _linear.Forward(anchorMean * targetMean);

    private static Tensor Mean(Tensor tokens, Tensor? shares) => shares is null ? tokens.Mean(1, true) : shares.Bmm(tokens);
}
