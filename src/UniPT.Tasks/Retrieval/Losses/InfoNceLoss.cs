using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Losses;

/// <summary>
/// Symmetric cross-entropy over the batch (InfoNCE): each image must pick its caption among all and the other way round,
/// averaged over the batch and both ways, as in CLIP.
/// </summary>
public sealed class InfoNceLoss
{
    // CLIP's bound: similarities are multiplied by 100 at most.
    private const double LargestLogScale = 4.605170185988092;
    private readonly double _scale;
    private readonly Tensor? _logScale;

    /// <summary>A fixed temperature.</summary>
    public InfoNceLoss(double temperature) => _scale = 1 / temperature;

    /// <summary>A temperature that is learned: takes <c>logit_scale []</c>, the logarithm of its inverse.</summary>
    public InfoNceLoss(Weights weights, double temperature) =>
        _logScale = weights.Parameter("logit_scale", Initializers.Constant(-Math.Log(temperature)));

    /// <summary>The loss of a batch of pairs.</summary>
    /// <param name="images">Embeddings <c>[B, D]</c> of length 1.</param>
    /// <param name="captions">Their captions' <c>[B, D]</c>, in the same order.</param>
    public Tensor Forward(Tensor images, Tensor captions)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor similarity = images.MatMul(captions.transpose(0, 1));
        Tensor logits = _logScale is null ? similarity * Scalars.Of(_scale) : similarity * _logScale.clamp(Scalars.Of(double.NegativeInfinity), Scalars.Of(LargestLogScale)).exp();
        Tensor likelihoods = logits.log_softmax(1).diagonal().Add(logits.log_softmax(0).diagonal());
        return scope.MoveToOuter(likelihoods.mean() / Scalars.Of(-2));
    }
}
