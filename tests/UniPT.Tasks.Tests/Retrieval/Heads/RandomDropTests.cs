using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Heads;

public sealed class RandomDropTests
{
    [Fact]
    public void KeptTokensMoveToTheFrontInTheirOrder()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = TensorData.From([1f, 2, 3, 4, 5, 6], 2, 3, 1);
        var numbers = new Queue<double>([0.1, 0.5, 0.9, 0.3, 0.2]);
        (Tensor kept, IReadOnlyList<int> lengths) = RandomDrop.Forward(tokens, [3, 2], 0.2, numbers.Dequeue);

        // The second row's third token is padding: no number is drawn for it, and 0.2 does not exceed the rate.
        Assert.Equal([2, 1], lengths);
        Assert.Equal([2f, 3, 0, 4, 0, 0], kept.ToArray<float>());
        Assert.Empty(numbers);
    }

    [Fact]
    public void NumbersAreDrawnAgainWhereNoTokenWouldStay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var numbers = new Queue<double>([0, 0, 0.1, 0, 0, 0.9]);
        (Tensor kept, IReadOnlyList<int> lengths) = RandomDrop.Forward(TensorData.From([1f, 2], 1, 2, 1), null, 0.5, numbers.Dequeue);
        Assert.Equal([1], lengths);
        Assert.Equal([2f, 0], kept.ToArray<float>());
        Assert.Empty(numbers);
    }

    [Fact]
    public void TheRateIsTheShareThatIsLeftOut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<int> lengths = RandomDrop.Forward(torch.zeros(50, 200, 1), null, 0.2, new Random(1).NextDouble).Lengths;
        Assert.Equal(160, lengths.Average(), 2.0);
    }
}
