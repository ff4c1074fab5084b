using UniPT.Tasks.Retrieval.Losses;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Losses;

public sealed class HingeLossTests
{
    private const double Margin = 0.2;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    public void TheLossIsTheSumOverNegatives(int pairs, bool hardest)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(pairs);
        Tensor images = Unit(torch.randn(pairs, 3));
        Tensor captions = Unit(torch.randn(pairs, 3));
        float[] similarity = images.MatMul(captions.transpose(0, 1)).ToArray<float>();
        double expected = 0;
        for (int i = 0; i < pairs; i++)
        {
            int own = i;
            double[] Costs(Func<int, float> toOther) => [.. Enumerable.Range(0, pairs).Where(j => j != own)
                .Select(j => Math.Max(0, Margin + toOther(j) - similarity[(own * pairs) + own]))];

            foreach (double[] costs in new[] { Costs(j => similarity[(own * pairs) + j]), Costs(j => similarity[(j * pairs) + own]) })
            {
                expected += hardest ? costs.DefaultIfEmpty(0).Max() : costs.Sum();
            }
        }

        Assert.Equal(expected, new HingeLoss(Margin).Forward(images, captions, hardest).Item(), 1e-5);
    }

    [Fact]
    public void OneOfSeveralEquallyHardNegativesTakesTheGradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor images = TensorData.From([1f, 0, 1, 0, 1, 0], 3, 2);
        Tensor captions = TensorData.From([1f, 0, 1, 0, 1, 0], 3, 2);
        captions.requires_grad = true;
        new HingeLoss(Margin).Forward(images, captions, hardest: true).Backward();

        // Shared among equals the gradients would cancel.
        float[] gradient = captions.grad!.ToArray<float>();
        Assert.Equal([-1f, 0, 1], gradient.Where((_, i) => i % 2 == 0).Order());
    }

    private static Tensor Unit(Tensor vectors) => vectors / vectors.norm(1, true);
}
