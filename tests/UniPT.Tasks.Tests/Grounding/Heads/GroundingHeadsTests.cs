using UniPT.Backbones;
using UniPT.Backbones.Mdetr;
using UniPT.Tasks.Grounding.Heads;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Tasks.Tests.Grounding.Heads;

public sealed class GroundingHeadsTests
{
    private static readonly int[] Read = [1, 3, 5, 6];

    /// <summary>The whole published system, from shapes alone.</summary>
    [Fact]
    public void ThePublishedSystemHasItsPublishedParameters()
    {
        Weights backbone = Weights.Meta();
        Weights added = Weights.Meta(trainable: true);
        using WeightStore host = backbone.Store;
        using WeightStore store = added.Store;
        BackboneStream decoder = new MdetrModel(backbone, MdetrConfig.ResNet101).Streams["decoder"].Select(Read, memoryLayers: Read);
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 128 }).Attach(decoder, added / "side", null);
        _ = new GroundingHeads(added);
        long sides = (added / "side").Parameters.Sum(parameter => parameter.numel());
        Assert.Equal(481_666, sides);
        Assert.Equal(231_300, store.ParameterCount - sides);
        Assert.Equal(712_966, store.Trainable.Sum(pair => pair.Value.numel()));
        Assert.Equal(185_382_724, host.ParameterCount + store.ParameterCount - sides);
        Assert.Equal(185_864_390, host.ParameterCount + store.ParameterCount);
        Assert.Empty(host.Trainable);
        Assert.Equal(256, tuned.Output);
    }

    [Fact]
    public void PredictionsHaveTheirRanges()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out GroundingHeads heads);
        GroundingPredictions predicted = heads.Forward(torch.randn(2, 5, 8) * Scalars.Of(3));
        Assert.Equal([2, 5, 7], predicted.Logits.shape);
        Assert.Equal([2, 5, 4], predicted.Boxes.shape);
        Assert.Equal([2, 5, 3], predicted.Queries.shape);
        Assert.Equal(1, predicted.Boxes.gt(Scalars.Of(0)).logical_and(predicted.Boxes.lt(Scalars.Of(1))).all().Item());
        Assert.All(predicted.Queries.norm(-1).ToArray<float>(), length => Assert.Equal(1, length, 1e-5));
        Assert.All(heads.Tokens(torch.randn(2, 4, 8)).norm(-1).ToArray<float>(), length => Assert.Equal(1, length, 1e-5));
        Tensor nothing = predicted.Logits.softmax(-1).select(-1, 6);
        Assert.Equal(1, nothing.Add(predicted.Scores()).isclose(torch.ones(2, 5)).all().Item());
    }

    [Fact]
    public void BoxesInPixelsAreOfThePicturesOwnSize()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor boxes = TensorData.From([0.5f, 0.5f, 0.5f, 1f], 1, 1, 4);
        var predicted = new GroundingPredictions(boxes, boxes, boxes);
        Assert.Equal([50f, 0, 150, 100], predicted.PixelBoxes(TensorData.From([100f, 200], 1, 2)).ToArray<float>());
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out GroundingHeads heads);
        Tensor features = torch.randn(2, 5, 8);
        Run();
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 20; i++)
        {
            Run();
        }

        Assert.Equal(before, TensorCount.Now());

        void Run()
        {
            using DisposeScope each = torch.NewDisposeScope();
            GroundingPredictions predicted = heads.Forward(features);
            predicted.Scores();
            predicted.PixelBoxes(torch.ones(2, 2));
            heads.Tokens(features);
        }
    }

    private static WeightStore Open(out GroundingHeads heads)
    {
        Weights weights = Weights.Fresh(3);
        heads = new GroundingHeads(weights, width: 8, slots: 7, aligned: 3);
        return weights.Store;
    }
}
