using UniPT.Reports.Charts;

namespace UniPT.Reports.Tests.Charts;

public sealed class EndLabelsTests
{
    [Fact]
    public void Labels_stay_where_there_is_room() => Assert.Equal([20, 60, 100], EndLabels.Spread([20, 60, 100], 10, 200));

    [Fact]
    public void Close_labels_move_apart_inside_the_plot()
    {
        double[] places = EndLabels.Spread([195, 196, 199], 10, 200);
        Assert.Equal([172, 186, 200], places);
        Assert.Equal([10, 24], EndLabels.Spread([2, 3], 10, 200));
    }
}
