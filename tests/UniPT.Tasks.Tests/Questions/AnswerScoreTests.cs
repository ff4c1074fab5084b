using UniPT.Tasks.Questions;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Questions;

public sealed class AnswerScoreTests
{
    /// <summary>Of equal logits the first counts, and a question without any right answer scores 0.</summary>
    [Fact]
    public void TheLikeliestAnswerIsScored()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = TensorData.From([0f, 2, 1, 3, 3, 0, -1, -2, -3], 3, 3);
        Tensor targets = TensorData.From([0f, 0.6f, 1, 0.3f, 1, 0, 0, 0, 0], 3, 3);
        AnswerScore score = AnswerScore.Of(logits, targets);
        Assert.Equal([1, 0, 0], score.Answers);
        Assert.Equal(0.3, score.Accuracy, 6);
        Assert.True(double.IsNaN(new AnswerScore([], []).Accuracy));
    }

    /// <summary>At logit 0 every answer costs ln 2; the scale is given, or the number of answers.</summary>
    [Theory]
    [InlineData(500.0, 500)]
    [InlineData(1.0, 1)]
    [InlineData(null, 7)]
    public void TheLossIsAMeanTimesAScale(double? scale, double factor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor loss = new AnswerLoss(scale).Forward(torch.zeros(4, 7), torch.rand(4, 7));
        Assert.Equal(factor * Math.Log(2), loss.Item(), 1e-4 * factor);
    }
}
