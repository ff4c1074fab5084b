using UniPT.Tasks.Grounding;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding;

public sealed class BoxOverlapTests
{
    /// <summary>Of 2 × 2 boxes: itself, a quarter shared, side by side, apart, and one inside the other.</summary>
    [Theory]
    [InlineData(0, 0, 2, 2, 1, 1)]
    [InlineData(1, 1, 3, 3, 1.0 / 7, (1.0 / 7) - (2.0 / 9))]
    [InlineData(2, 0, 4, 2, 0, 0)]
    [InlineData(4, 4, 6, 6, 0, -28.0 / 36)]
    [InlineData(0.5, 0.5, 1.5, 1.5, 0.25, 0.25)]
    public void ItIsTheSharedAreaAndWhatLiesBetweenCounts(double x0, double y0, double x1, double y1, double iou, double generalized)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor first = TensorData.From([0.0, 0, 2, 2], 4);
        Tensor second = TensorData.From([x0, y0, x1, y1], 4);
        Assert.Equal(iou, BoxOverlap.Iou(first, second).Item(), 1e-12);
        Assert.Equal(generalized, BoxOverlap.GeneralizedIou(first, second).Item(), 1e-12);
        Assert.Equal(generalized, BoxOverlap.GeneralizedIou(second, first).Item(), 1e-12);
    }

    [Fact]
    public void BoxesBroadcast()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor low = torch.rand(3, 1, 2);
        Tensor many = torch.cat([low, low.Add(torch.rand(3, 1, 2))], -1);
        Tensor others = torch.cat([torch.zeros(4, 2), torch.rand(4, 2).Add(0.1)], -1);
        Tensor all = BoxOverlap.GeneralizedIou(many, others);
        Assert.Equal([3, 4], all.shape);
        Assert.Equal(BoxOverlap.GeneralizedIou(many.select(0, 2).select(0, 0), others.select(0, 1)).Item(), all.select(0, 2).select(0, 1).Item(), 1e-6);
    }

    [Fact]
    public void CornersLieHalfASizeAroundTheCentre()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([0.25f, 0f, 0.75f, 1f], BoxOverlap.Corners(TensorData.From([0.5f, 0.5f, 0.5f, 1f], 1, 4)).ToArray<float>());
    }
}
