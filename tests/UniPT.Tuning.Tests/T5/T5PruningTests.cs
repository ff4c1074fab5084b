using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Tuning.Tests.T5;

/// <summary>Side layers beside encoder and decoder that start as the backbone's, pruned.</summary>
public sealed class T5PruningTests
{
    private static readonly T5Config Sizes = new()
    {
        Vocabulary = 30,
        Width = 16,
        HeadWidth = 6,
        FeedForward = 24,
        Layers = 2,
        DecoderLayers = 3,
        Heads = 4,
        IsGated = true,
        IsTied = false,
    };

    public static TheoryData<int, bool> Starts => new() { { 1, false }, { 1, true }, { 2, false }, { 2, true } };

    /// <summary>By hand: columns follow the rows that the map before kept, rows go by the sum of what matters in these columns.</summary>
    [Theory]
    [MemberData(nameof(Starts))]
    public void TheRowsThatMatterAreKeptOfBothStacks(int reduction, bool fisher)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        Weights weights = Weights.Fresh(1);
        using WeightStore ofHost = weights.Store;
        var model = new T5Model(weights, Sizes);
        foreach (Parameter parameter in ofHost.Parameters.Values)
        {
            parameter.requires_grad = false;
            parameter.normal_(0, 1);
        }

        TunedBackbone tuned = new LstMethod(new LstOptions { Reduction = reduction, Start = fisher ? LstStart.Fisher : LstStart.Magnitude, Dropped = [1] })
            .Attach(model.Streams[BackboneStream.Decoder]);
        using WeightStore store = tuned.Store;
        Dictionary<string, Tensor> importance = ofHost.Parameters.ToDictionary(pair => pair.Key, pair => fisher ? torch.rand(pair.Value.shape) : pair.Value.abs());
        if (fisher)
        {
            ((IStartsFromFisher)tuned).StartFrom(importance);
        }

        int compared = Walk("encoder", Sizes.Layers, ["SelfAttention"]) + Walk("decoder", Sizes.DecoderLayers, ["SelfAttention", "EncDecAttention"]);

        // Of each block 4 maps an attention and 3 of the network, and their norms; the tables of positions and the last norms.
        Assert.Equal((1 * 9) + (2 * 14) + 2 + 2, compared);

        int Walk(string stack, int blocks, string[] attentions)
        {
            int count = 0;
            Tensor kept = Top(importance["shared.weight"].sum(0L), 16 / reduction);
            for (int block = 0; block < blocks; block++)
            {
                int number = block;
                for (int i = 0; i < attentions.Length; i++)
                {
                    string place = $"layer.{i}.{attentions[i]}";
                    Tensor joint = Importance($"{place}.q") * Importance($"{place}.k") * Importance($"{place}.v");
                    Tensor heads = Top(joint.index_select(1, kept).sum(1), 24 / reduction);
                    Tensor given = Top(Importance($"{place}.o").index_select(1, heads).sum(1), 16 / reduction);
                    Same($"layer.{i}.layer_norm", kept, null);
                    Same($"{place}.q", heads, kept);
                    Same($"{place}.k", heads, kept);
                    Same($"{place}.v", heads, kept);
                    Same($"{place}.o", given, heads);
                    kept = given;
                }

                string network = $"layer.{attentions.Length}";
                Tensor hidden = Top(Importance($"{network}.DenseReluDense.wi_0").index_select(1, kept).sum(1), 24 / reduction);
                Tensor output = Top(Importance($"{network}.DenseReluDense.wo").index_select(1, hidden).sum(1), 16 / reduction);
                Same($"{network}.layer_norm", kept, null);
                Same($"{network}.DenseReluDense.wi_0", hidden, kept);
                Same($"{network}.DenseReluDense.wi_1", hidden, kept);
                Same($"{network}.DenseReluDense.wo", output, hidden);
                kept = output;

                Tensor Importance(string map) => importance[$"{stack}.block.{number}.{map}.weight"];

                void Same(string map, Tensor rows, Tensor? columns)
                {
                    if (number > 0)
                    {
                        Equal($"{stack}.block.{number}.{map}.weight", $"{stack}.side_block.{number}.{map}.weight", rows, columns);
                    }
                }
            }

            Equal($"{stack}.final_layer_norm.weight", $"{stack}.final_side_layer_norm.weight", kept, null);

            // The heads stay, so the table does too; the first side layer has it.
            const string Table = "layer.0.SelfAttention.relative_attention_bias.weight";
            Equal($"{stack}.block.0.{Table}", $"{stack}.side_block.1.{Table}", null, null);
            return count;

            void Equal(string name, string side, Tensor? rows, Tensor? columns)
            {
                Tensor expected = ofHost.Parameters[name];
                expected = rows is null ? expected : expected.index_select(0, rows);
                expected = columns is null ? expected : expected.index_select(1, columns);
                Assert.True(expected.ToBytes().SequenceEqual(store.Parameters[side].ToBytes()), side);
                count++;
            }
        }
    }

    private static Tensor Top(Tensor scores, int count)
    {
        float[] all = scores.ToArray<float>();
        long[] best = [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i]).Take(count).Order().Select(i => (long)i)];
        return TensorData.From(best, best.Length);
    }
}
