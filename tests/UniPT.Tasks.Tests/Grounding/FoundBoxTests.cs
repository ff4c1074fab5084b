using UniPT.Tasks.Grounding;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding;

public sealed class FoundBoxTests
{
    [Fact]
    public void TheSurestComesFirstInPixels()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = TensorData.From([0.25f, 0f, 0f, 0.5f, 0.5f, 0.75f, 0.1f, 0.2f, 0.3f, 0.4f, 0.25f, 0f, 0.5f, 1f, 1f], 3, 5);
        IReadOnlyList<FoundBox> found = FoundBox.Ranked(rows, 200, 100, 2);
        Assert.Equal(["20.0 20.0 60.0 40.0", "0.0 50.0 200.0 100.0"], found.Select(box => box.Box.ToString()));
        Assert.Equal([0.75, 0.25], found.Select(box => box.Score));
        Assert.Equal(3, FoundBox.Ranked(rows, 200, 100, 9).Count);
    }
}
