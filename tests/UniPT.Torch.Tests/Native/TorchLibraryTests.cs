namespace UniPT.Torch.Tests.Native;

public sealed class TorchLibraryTests
{
    [Fact]
    public void LibtorchIsLoadedAndTwiceIsOnce()
    {
        TorchLibrary.EnsureLoaded();
        TorchLibrary.EnsureLoaded();
        Assert.Null(TorchLibrary.Problem);
        using Tensor three = torch.ones(3).sum();
        Assert.Equal(3, three.item<float>());
    }
}
