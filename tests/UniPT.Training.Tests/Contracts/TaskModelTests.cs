using UniPT.Backbones.Clip;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Tuning;
using UniPT.Tuning.Head;

namespace UniPT.Training.Tests.Contracts;

public sealed class TaskModelTests
{
    /// <summary>They move while it trains, so that its hidden states cannot be kept and a run goes on only with them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RunningStatisticsOfAFrozenBackboneArePartOfTheState(bool run)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1, trainable: false);
        var backbone = new ClipResNet(weights, new ClipResNetConfig { Blocks = [1, 1, 1, 1], Width = 4, Heads = 2, Output = 6, Resolution = 32, BatchStatistics = run });
        Weights trained = Weights.Fresh(2);
        TunedBackbone tuned = new HeadMethod(new HeadOptions()).Attach(backbone.Streams.Only, trained / "image" / "method", 6);
        using var model = new SmallModel(new ModelParts(
            new Dictionary<string, TunedBackbone> { ["image"] = tuned }, trained, SharesBackbones: false, new Dictionary<string, IReadOnlyList<string>>()));
        Assert.Equal(run, model.ChangesHiddenStates);
        Assert.Equal(run, model.TrainedState().ContainsKey("image_backbone.visual.bn1.running_mean"));
        Assert.DoesNotContain("image_backbone.visual.bn1.weight", model.TrainedState().Keys);
        if (run)
        {
            Dictionary<string, Tensor> state = model.TrainedState().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone());
            state["image_backbone.visual.bn1.running_mean"].fill_(Scalars.Of(7));
            model.LoadTrainedState(state, "a state");
            Assert.Equal(7, weights.Store.Buffers["visual.bn1.running_mean"].max().Item());
        }
    }

    private sealed class SmallModel(ModelParts parts) : TaskModel(parts)
    {
        public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>();
    }
}
