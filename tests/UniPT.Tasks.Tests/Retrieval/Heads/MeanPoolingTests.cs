using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Heads;

public sealed class MeanPoolingTests
{
    [Fact]
    public void OnlyValidTokensCount()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = TensorData.From([1f, 2, 3, 4, 100, 100, 7, 8, 100, 100, 100, 100], 2, 3, 2);
        Assert.Equal([2f, 3, 7, 8], new MeanPooling().Forward(tokens, [2, 1]).ToArray<float>());
        Assert.Equal([0f, 0, 7, 8], new MeanPooling().Forward(tokens, [0, 1]).ToArray<float>());
        Assert.Equal([5f], new MeanPooling().Forward(TensorData.From([4f, 6], 1, 2, 1)).ToArray<float>());
    }
}
