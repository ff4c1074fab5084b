using UniPT.Tasks.Questions;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Questions;

public sealed class AnswerHeadTests
{
    /// <summary>VQAv2 has 3,129 answers, GQA 1,842.</summary>
    [Theory]
    [InlineData(3129, 5_993_529)]
    [InlineData(1842, 4_015_410)]
    public void PublishedSizesHaveThePublishedParameters(int answers, long expected)
    {
        Weights weights = Weights.Meta();
        using WeightStore store = weights.Store;
        _ = new AnswerHead(weights / "logit_fc", 768, answers);
        Assert.Equal(expected, store.ParameterCount);
    }

    [Fact]
    public void FreshWeightsAreSmallAndBiasesZero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var head = new AnswerHead(weights / "logit_fc", 64, 5);
        Assert.Equal(["logit_fc.0.weight", "logit_fc.0.bias", "logit_fc.2.weight", "logit_fc.2.bias", "logit_fc.3.weight", "logit_fc.3.bias"], store.Parameters.Keys);
        Assert.InRange(store.Parameters["logit_fc.0.weight"].std().Item(), 0.019, 0.021);
        Assert.Equal(0, store.Parameters["logit_fc.0.bias"].abs().max().Item());
        Tensor logits = head.forward(torch.randn(3, 64));
        Assert.Equal([3, 5], logits.shape);
        (logits * torch.randn(3, 5)).sum().Backward();
        Assert.All(store.Parameters.Values, parameter => Assert.True(parameter.grad!.abs().max().Item() > 0));
    }
}
