using UniPT.Backbones.Bert;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Full;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Full;

public sealed class FullMethodTests
{
    /// <summary>Not the sentence encoder's own head, which no hidden state depends on, and not the batch norms' statistics.</summary>
    [Theory]
    [InlineData("use_lite", 27, 6_713_088, 512)]
    [InlineData("mobilenet_v2", 156, 2_223_872, 1280)]
    public void EveryWeightThatHiddenStatesDependOnTrains(string host, int tensors, long count, int width)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(RepositoryPaths.Models, $"{host}.safetensors"));
        string[] names = [.. file.Entries.Keys.Where(name => !name.StartsWith("head.") && !name.Contains("running_")).Select(name => $"backbone.{name}")];
        Assert.Equal(tensors, names.Length);
        MethodContract.TrainsExactly(host, new FullMethod(new FullOptions()), count + MethodContract.Linear(width), names);
    }

    [Theory]
    [InlineData("use_lite")]
    [InlineData("mobilenet_v2")]
    public void ItStartsAsTheFrozenBackboneAndLeavesNothingBehind(string host)
    {
        var method = new FullMethod(new FullOptions());
        using (var trial = new Trial(host, method))
        {
            Assert.All(Trial.Frozen(host).Zip(trial.Hidden()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }

        MethodContract.LeaksNothing(host, method);
    }

    [Fact]
    public void ABertWithoutPoolerTrainsToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore backbone = weights.Store;
        var bert = new BertEncoder(weights, new BertConfig { Vocabulary = 9, Width = 8, Layers = 1, Heads = 1, FeedForward = 8, Positions = 4, Pooler = false });

        TunedBackbone tuned = new FullMethod(new FullOptions()).Attach(bert.Streams.Only);
        using WeightStore store = tuned.Store;

        Assert.Equal(backbone.Parameters.Count, tuned.TrainedParameters().Count);
    }
}
