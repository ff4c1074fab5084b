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
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor similarity = images.MatMul(captions.transpose(0, 1));
        Tensor pairs = similarity.diagonal();
        Tensor itself = torch.eye(similarity.size(0), device: similarity.device).gt(Scalars.Of(0));
        Tensor captionCosts = (similarity.Add(margin) - pairs.unsqueeze(1)).clamp_min(Scalars.Of(0)).masked_fill(itself, Scalars.Of(0));
        Tensor imageCosts = (similarity.Add(margin) - pairs.unsqueeze(0)).clamp_min(Scalars.Of(0)).masked_fill(itself, Scalars.Of(0));

        // The maximum of a dimension sends its gradient to one of equals, as the reference does.
        return scope.MoveToOuter(hardest
            ? captionCosts.max(1).values.sum().Add(imageCosts.max(0).values.sum())
            : captionCosts.sum().Add(imageCosts.sum()));
    }
}
