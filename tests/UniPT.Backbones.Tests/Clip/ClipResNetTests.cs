using UniPT.Backbones.Clip;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Clip;

public sealed class ClipResNetTests
{
    internal static readonly ClipResNetConfig Small = new() { Blocks = [1, 2, 1, 1], Width = 4, Heads = 2, Output = 9, Resolution = 64 };

    /// <summary>Of both towers, as OpenAI's files have them.</summary>
    [Fact]
    public void PublishedSizesHaveThePublishedParameters()
    {
        Assert.Equal(102_007_137, Both(ClipResNetConfig.Rn50, 512));
        Assert.Equal(119_688_033, Both(ClipResNetConfig.Rn101, 512));
        Assert.Equal(178_300_601, Both(ClipResNetConfig.Rn50x4, 640));
        Assert.Equal(290_979_217, Both(ClipResNetConfig.Rn50x16, 768));
        Assert.Equal(623_258_305, Both(ClipResNetConfig.Rn50x64, 1024));
        Assert.Equal(65_619_640, Checkpoints.ParameterCount(weights => ClipResNet.Trunk(weights, ClipResNetConfig.Rn50x4)));
        Assert.Equal(21_517_440, Checkpoints.ParameterCount(weights => new ClipAttentionPool(weights, ClipResNetConfig.Rn50x4)));

        static long Both(ClipResNetConfig image, int width) => Checkpoints.ParameterCount(
            weights => new ClipModel(weights, image, new ClipTextConfig { Width = width, Heads = width / 64, Output = image.Output }));
    }

    /// <summary>A file of OpenAI's holds both towers, counts batches and tells all sizes by its shapes.</summary>
    [Fact]
    public void EachTowerReadsItsPartOfOpenAIsFile()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Write(folder);
        Backbone image = BackboneRegistry.Open("clip_resnet", path);
        using WeightStore first = image.Store;
        Backbone text = BackboneRegistry.Open("clip_text", path);
        using WeightStore second = text.Store;
        Weights weights = Weights.Open(path);
        using WeightStore third = weights.Store;
        var clip = new ClipModel(weights);
        third.EnsureAllUsed();

        Assert.IsType<ClipResNet>(clip.Image);
        Assert.All(first.Parameters.Keys, name => Assert.StartsWith("visual.", name));
        Assert.Equal([16, 32, 64, 128], image.Streams.Only.Widths);
        Assert.Equal(["layer1.0", "layer2.0", "layer2.1", "layer3.0", "layer4.0"], image.Streams.Only.Blocks.Select(block => block.Name));
        Assert.All(image.Streams.Only.Blocks, block => Assert.Equal(3, block.Linears.Count));
        var input = new BackboneInput(torch.rand(2, 3, 64, 64));
        HiddenStates states = image.forward(input).Only;
        Assert.Equal(new[] { 16L, 8, 4, 2 }, states.Layers.Select(layer => layer.size(2)));
        Assert.Equal([2, 9], states.Pooled!.shape);
        Tensors.Close(clip.Image.forward(input).Only.Pooled!, states.Pooled);
    }

    /// <summary>Other pictures have maps too, but the pooling has no positions for their cells.</summary>
    [Fact]
    public void OnlyPicturesOfOneSizeArePooled()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipResNet tower);
        HiddenStates states = tower.forward(new BackboneInput(torch.rand(1, 3, 64, 96))).Only;
        Assert.Equal([1, 128, 2, 3], states.Layers[^1].shape);
        Assert.Null(states.Pooled);
        Assert.Equal(9, tower.Streams.Only.PooledWidth);
        var error = Assert.Throws<UserException>(() => tower.forward(new BackboneInput(torch.rand(1, 3, 64, 80))));
        Assert.Equal("clip_resnet takes pictures [B, 3, H, W] with H and W multiples of 32; it was given [1, 3, 64, 80].", error.Message);
    }

    [Fact]
    public void FoldingChangesNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Write(folder);
        Backbone frozen = BackboneRegistry.Open("clip_resnet", path);
        Backbone trained = BackboneRegistry.Open("clip_resnet", path, trainable: true);
        using WeightStore first = frozen.Store;
        using WeightStore second = trained.Store;
        var input = new BackboneInput(torch.rand(2, 3, 64, 64));
        Assert.All(frozen.forward(input).Only.Layers.Zip(trained.forward(input).Only.Layers), pair => Tensors.Close(pair.Second, pair.First));
        Tensors.Close(trained.forward(input).Only.Pooled!, frozen.forward(input).Only.Pooled!);
    }

    [Fact]
    public void PixelsAreNormalisedUnlessTheyAreAlready()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore first = Fresh(out ClipResNet tower);
        using WeightStore second = Fresh(out ClipResNet plain, Small with { NormalizesPixels = false });
        Tensor pixels = torch.rand(2, 3, 64, 64);
        Tensor mean = TensorData.From([0.48145466f, 0.4578275f, 0.40821073f], 3, 1, 1);
        Tensor deviation = TensorData.From([0.26862954f, 0.26130258f, 0.27577711f], 3, 1, 1);
        Tensors.Close(plain.forward(new BackboneInput((pixels - mean) / deviation)).Only.Layers[2], tower.forward(new BackboneInput(pixels)).Only.Layers[2]);
    }

    /// <summary>Frozen weights of a file cannot be written to; the statistics move nevertheless, in training alone and only if asked for.</summary>
    [Fact]
    public void StatisticsOfTheBatchAreAnOption()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Write(folder);
        ClipResNetConfig sizes = Small with { BatchStatistics = true };
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        var tower = new ClipResNet(weights, sizes);
        Backbone folded = BackboneRegistry.Open("clip_resnet", path);
        using WeightStore other = folded.Store;
        var input = new BackboneInput(torch.rand(3, 3, 64, 64));
        Tensors.Close(folded.forward(input).Only.Pooled!, tower.forward(input).Only.Pooled!);

        tower.train();
        folded.train();
        Tensor before = store.Buffers["visual.layer4.0.bn3.running_mean"].clone();
        using (torch.no_grad())
        {
            Assert.True((tower.forward(input).Only.Pooled! - folded.forward(input).Only.Pooled!).abs().max().Item() > 1e-3);
        }

        Assert.NotEqual(before.ToArray<float>(), store.Buffers["visual.layer4.0.bn3.running_mean"].ToArray<float>());
        Assert.Contains("visual.layer4.0.bn3.running_mean", tower.state_dict().Keys);
        Assert.Empty(store.Trainable);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(before.ToArray<float>(), file.Read("visual.layer4.0.bn3.running_mean").ToArray<float>());
        tower.eval();
        float[] moved = store.Buffers["visual.bn1.running_var"].ToArray<float>();
        tower.forward(input);
        Assert.Equal(moved, store.Buffers["visual.bn1.running_var"].ToArray<float>());
    }

    /// <summary>Pictures run a few at a time where nothing is recorded, but not where they share statistics.</summary>
    [Fact]
    public void StatisticsAreOfTheWholeBatch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore first = Fresh(out ClipResNet recorded, Small with { BatchStatistics = true });
        using WeightStore second = Fresh(out ClipResNet unrecorded, Small with { BatchStatistics = true });
        recorded.train();
        unrecorded.train();
        var input = new BackboneInput(torch.rand(130, 3, 64, 64));
        Tensor expected = recorded.forward(input).Only.Pooled!.detach();
        using IDisposable guard = torch.no_grad();
        Tensors.Close(expected, unrecorded.forward(input).Only.Pooled!, 1e-4);
        Tensors.Close(first.Buffers["visual.layer2.1.bn2.running_var"], second.Buffers["visual.layer2.1.bn2.running_var"], 1e-4);
    }

    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipResNet tower);
        HiddenStates states = tower.forward(new BackboneInput(torch.rand(2, 3, 64, 64))).Only;
        (states.Pooled! * torch.randn(states.Pooled!.shape)).sum().Backward();

        // A bias of all keys cancels in the softmax.
        Assert.All(store.Parameters.Where(pair => !pair.Key.EndsWith("k_proj.bias")), pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipResNet tower, Small with { BatchStatistics = true });
        var input = new BackboneInput(torch.rand(1, 3, 64, 64));
        using IDisposable unrecorded = torch.no_grad();
        Leaks.None(() => tower.forward(input));
        tower.train();
        Leaks.None(() => tower.forward(input));
    }

    private static string Write(TemporaryFolder folder) => Checkpoints.Write(
        folder,
        weights => new ClipModel(weights, Small, new ClipTextConfig { Vocabulary = 40, MaxTokens = 9, Width = 64, Layers = 1, Heads = 1, Output = 9 }),
        more:
        [
            ("input_resolution", torch.tensor(64L)), ("context_length", torch.tensor(9L)), ("vocab_size", torch.tensor(40L)),
            ("visual.bn1.num_batches_tracked", torch.tensor(7L)), ("visual.layer2.0.downsample.1.num_batches_tracked", torch.tensor(7L)),
        ]);

    private static WeightStore Fresh(out ClipResNet tower, ClipResNetConfig? config = null)
    {
        Weights weights = Weights.Fresh(1);
        tower = new ClipResNet(weights, config ?? Small);
        return weights.Store;
    }
}
