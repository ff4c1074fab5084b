using UniPT.Torch;

namespace UniPT.Tasks.Questions;

/// <summary>
/// Binary cross-entropy of every answer on its own, the mean over questions and answers times a scale, as Clip-ViL's published code trains VQA and GQA.
/// </summary>
/// <param name="scale">The scale, published as 500; null for the number of answers.</param>
public sealed class AnswerLoss(double? scale = 500)
{
    /// <summary>The loss, a scalar.</summary>
    /// <param name="logits">Of the answers, <c>[B, answers]</c>.</param>
    /// <param name="targets">How right each answer is, 0 … 1, <c>[B, answers]</c>.</param>
    public Tensor Forward(Tensor logits, Tensor targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor mean = nn.functional.binary_cross_entropy_with_logits(logits, targets);
        return scope.MoveToOuter(mean * Scalars.Of(scale ?? logits.size(1)));
    }
}
