using UniPT.Torch;

namespace UniPT.Tasks.Questions;

/// <summary>What a network answers, and how right that is.</summary>
/// <param name="Answers">The index of the likeliest answer of every question, of equals the first.</param>
/// <param name="Scores">How right it is, 0 … 1: VQAv2's soft score of that answer, for GQA 0 or 1.</param>
public sealed record AnswerScore(IReadOnlyList<int> Answers, IReadOnlyList<double> Scores)
{
    /// <summary>The mean score, 0 … 1; NaN without questions.</summary>
    public double Accuracy => Scores.Count == 0 ? double.NaN : Scores.Average();

    /// <summary>Of some questions.</summary>
    /// <param name="logits">Of the answers, <c>[B, answers]</c>.</param>
    /// <param name="targets">How right each answer is, <c>[B, answers]</c>.</param>
    public static AnswerScore Of(Tensor logits, Tensor targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor best = logits.argmax(1);
        Tensor scores = targets.gather(1, best.unsqueeze(1)).squeeze(1);
        return new AnswerScore([.. best.ToArray<long>().Select(answer => (int)answer)], scores.to(ScalarType.Float64).ToArray<double>());
    }
}
