namespace UniPT.Torch.Tests;

public sealed class MetaWeightsTests
{
    [Fact]
    public void A_network_larger_than_any_memory_is_counted_and_gives_shapes()
    {
        Weights weights = Weights.Meta();
        using WeightStore store = weights.Store;
        using var layer = new Linear(weights / "layer", 1_000_000, 2_000_000);
        using Tensor input = torch.empty(3, 1_000_000, device: store.Device);
        using Tensor output = layer.forward(input);

        Assert.Equal(2_000_002_000_000, store.ParameterCount);
        Assert.Equal([3, 2_000_000], output.shape);
        Assert.Equal(DeviceType.META, output.device_type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_train_or_are_frozen_as_asked(bool trainable)
    {
        Weights weights = Weights.Meta(trainable);
        using WeightStore store = weights.Store;
        weights.Parameter("w", Initializers.Ones, 2, 3);

        Assert.Equal(trainable ? 1 : 0, store.Trainable.Count());
    }
}
