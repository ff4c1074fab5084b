using UniPT.Tasks.Grounding.Metrics;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding.Metrics;

public sealed class PrecisionAtKTests
{
    private static readonly float[] Wanted = [0, 0, 10, 10];
    private static readonly float[] Off = [20, 20, 30, 30];

    [Fact]
    public void ABoxCountsFromTheRankThatItHas()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var precision = new PrecisionAtK(1, 2, 3);
        Add(precision, "a", [0.9f, 0.5f, 0.7f], Wanted, Off, Off);
        Add(precision, "a", [0.1f, 0.5f, 0.7f], Wanted, Off, Off);
        Add(precision, "b", [0.8f, 0.5f, 0.9f], Wanted, Off, Off);
        Assert.Equal([0.5, 0.5, 1], precision.Figures["a"]);
        Assert.Equal([0, 1, 1], precision.Figures["b"]);
        Assert.Equal(["a", "b"], precision.Figures.Keys.Order());
    }

    /// <summary>Of two equally sure queries the one whose box has the larger numbers comes first.</summary>
    [Fact]
    public void OfEquallySureOnesTheLargerBoxComesFirst()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var precision = new PrecisionAtK(1);
        Add(precision, "first", [0.5f, 0.5f], Wanted, [0, 0, 10, 9.5f]);
        Add(precision, "last", [0.5f, 0.5f], Wanted, Off);
        Assert.Equal([1], precision.Figures["first"]);
        Assert.Equal([0], precision.Figures["last"]);
    }

    /// <summary>More than a half is shared, 0.535, but a twentieth of the box around both is covered by neither.</summary>
    [Fact]
    public void ThePlainOverlapIsLessStrict()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] near = [-2.2f, 2.2f, 8.6f, 9.4f];
        var published = new PrecisionAtK(1);
        var plain = new PrecisionAtK(1) { UsesGeneralizedIou = false };
        Add(published, "x", [0.5f], near);
        Add(plain, "x", [0.5f], near);
        Assert.Equal([0], published.Figures["x"]);
        Assert.Equal([1], plain.Figures["x"]);
    }

    private static void Add(PrecisionAtK precision, string dataSet, float[] scores, params float[][] boxes) => precision.Add(
        dataSet, TensorData.From(scores), TensorData.From([.. boxes.SelectMany(box => box)], boxes.Length, 4), TensorData.From(Wanted));
}
