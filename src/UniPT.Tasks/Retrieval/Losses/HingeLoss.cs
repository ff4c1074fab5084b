using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Losses;

/// <summary>
/// The triplet hinge loss of VSE++ and VSE∞: a pair must be more similar than its parts are to others by the margin.
/// Summed over the batch, not averaged.
/// </summary>
public sealed class HingeLoss(double margin)
{
    /// <summary>The loss of a batch of pairs.</summary>
    /// <param name="images">Embeddings <c>[B, D]</c> of length 1.</param>
    /// <param name="captions">Their captions' <c>[B, D]</c>, in the same order.</param>
    /// <param name="hardest">Whether only the worst negative of each image and caption counts, instead of all.</param>
    public Tensor Forward(Tensor images, Tensor captions, bool hardest)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor similarity = images.MatMul(captions.Transpose(0, 1));
        Tensor pairs = similarity.Diagonal();
        Tensor itself = Tensor.Eye(similarity.Size(0), device: similarity.Device).Gt(0);
        Tensor captionCosts = (similarity + margin - pairs.Unsqueeze(1)).ClampMin(0).MaskedFill(itself, 0);
        Tensor imageCosts = (similarity + margin - pairs.Unsqueeze(0)).ClampMin(0).MaskedFill(itself, 0);

        // The maximum of a dimension sends its gradient to one of equals, as the reference does.
        return scope.HandOut(hardest
            ? captionCosts.Max(1)[0].Sum() + imageCosts.Max(0)[0].Sum()
            : captionCosts.Sum() + imageCosts.Sum());
    }
}
