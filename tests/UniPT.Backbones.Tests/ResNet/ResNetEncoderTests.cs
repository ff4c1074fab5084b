using UniPT.Backbones.Pretrained;
using UniPT.Backbones.ResNet;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.ResNet;

public sealed class ResNetEncoderTests
{
    private static readonly ResNetConfig Basic = new() { Blocks = [1, 1, 2, 1], Stem = 4, Widths = [4, 6, 8, 10], Inner = [4, 6, 8, 10] };
    private static readonly ResNetConfig Grouped = ResNetConfig.Bottlenecks([1, 2, 1, 1], groups: 2, groupWidth: 64, planes: 4);

    public static TheoryData<string> Kinds => ["basic", "grouped"];

    /// <summary>Parameters of torchvision's networks less those of their classifiers.</summary>
    [Fact]
    public void PublishedSizesHaveThePublishedParameters()
    {
        Assert.Equal(11_689_512 - 513_000, Checkpoints.ParameterCount(weights => new ResNetEncoder(weights, new ResNetConfig())));
        Assert.Equal(25_557_032 - 2_049_000, Checkpoints.ParameterCount(weights => new ResNetEncoder(weights, ResNetConfig.Bottlenecks([3, 4, 6, 3]))));
        Assert.Equal(
            88_791_336 - 2_049_000,
            Checkpoints.ParameterCount(weights => new ResNetEncoder(weights, ResNetConfig.Bottlenecks([3, 4, 23, 3], groups: 32, groupWidth: 8))));
    }

    /// <summary>A file of torchvision's has a classifier and counts batches; its shapes tell all sizes.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void ACheckpointsShapesTellTheSizes(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(
            folder,
            weights => new ResNetEncoder(weights, Config(kind)),
            more: [("fc.weight", torch.zeros(3, 10)), ("fc.bias", torch.zeros(3)), ("bn1.num_batches_tracked", torch.tensor(7L)), ("layer2.0.downsample.1.num_batches_tracked", torch.tensor(7L))]);
        Backbone backbone = BackboneRegistry.Open("resnet", path);
        using WeightStore store = backbone.Store;
        Assert.Equal(Config(kind).Widths, backbone.Streams.Only.Widths);
        Assert.Equal(5, backbone.Streams.Only.Blocks.Count);
        HiddenStates states = backbone.forward(new BackboneInput(torch.rand(2, 3, 64, 96))).Only;
        Assert.Equal(
            new[] { 4, 8, 16, 32 }.Select((stride, i) => new long[] { 2, backbone.Streams.Only.Widths[i], 64 / stride, 96 / stride }), states.Layers.Select(layer => layer.shape));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FoldingChangesNothing(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new ResNetEncoder(weights, Config(kind)));
        Backbone frozen = BackboneRegistry.Open("resnet", path);
        Backbone trained = BackboneRegistry.Open("resnet", path, trainable: true);
        using WeightStore first = frozen.Store;
        using WeightStore second = trained.Store;
        var input = new BackboneInput(torch.rand(2, 3, 64, 64));
        Assert.All(frozen.forward(input).Only.Layers.Zip(trained.forward(input).Only.Layers), pair => Tensors.Close(pair.Second, pair.First));
    }

    /// <summary>The same weights see B, G, R from 0 to 255 less a mean as one kind, and ImageNet's scale as the other.</summary>
    [Fact]
    public void TheTwoKindsScalePixelsAsTheyWereTrained()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new ResNetEncoder(weights, Basic));
        var torchvision = (ResNetEncoder)BackboneRegistry.Open("resnet", path);
        var cntk = (ResNetEncoder)BackboneRegistry.Open("resnet_cntk", path);
        using WeightStore first = torchvision.Store;
        using WeightStore second = cntk.Store;
        Tensor pixels = torch.rand(1, 3, 32, 32);
        Tensor bgr = torch.stack([.. new[] { (2, 103.0626), (1, 115.9029), (0, 123.1516) }.Select(c => (pixels.select(1, c.Item1) * Scalars.Of(255)) - Scalars.Of(c.Item2))], 1);
        Tensor rgb = torch.stack([.. new[] { (0.485, 0.229), (0.456, 0.224), (0.406, 0.225) }.Select((c, i) => (pixels.select(1, i) - Scalars.Of(c.Item1)) / Scalars.Of(c.Item2))], 1);
        Tensors.Close(cntk.Features(bgr)[^1], cntk.forward(new BackboneInput(pixels)).Only.Layers[^1]);
        Tensors.Close(torchvision.Features(rgb)[^1], torchvision.forward(new BackboneInput(pixels)).Only.Layers[^1]);
    }

    [Theory]
    [InlineData(1, 3, 48, 64)]
    [InlineData(1, 4, 64, 64)]
    public void OtherSizesAreRefused(long batch, long channels, long height, long width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var backbone = new ResNetEncoder(weights, Basic);
        var error = Assert.Throws<UserException>(() => backbone.forward(new BackboneInput(torch.zeros(batch, channels, height, width))));
        Assert.Contains($"resnet takes pictures [B, 3, H, W] with H and W multiples of 32; it was given [{batch}, {channels}, {height}, {width}]", error.Message);
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone backbone = BackboneRegistry.Open("resnet_cntk", PretrainedModels.WeightsOf("resnet18"));
        using WeightStore store = backbone.Store;
        var input = new BackboneInput(torch.rand(1, 3, 64, 64));
        Leaks.None(() => backbone.forward(input));
    }

    /// <summary>torchvision's variances, as here, may exceed half precision; folded weights do not, so bf16 keeps the features.</summary>
    [Fact]
    public void ItComputesInBFloat16()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone backbone = BackboneRegistry.Open("resnet_cntk", PretrainedModels.WeightsOf("resnet18"));
        using WeightStore store = backbone.Store;
        var input = new BackboneInput(torch.rand(1, 3, 64, 64));
        Tensor exact = backbone.forward(input).Only.Layers[^1];
        store.Convert(ScalarType.BFloat16);
        Tensors.Close(exact, backbone.forward(input).Only.Layers[^1].to(ScalarType.Float32), 0.05);
    }

    private static ResNetConfig Config(string kind) => kind == "basic" ? Basic : Grouped;
}
