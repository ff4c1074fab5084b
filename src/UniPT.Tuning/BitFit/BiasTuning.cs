using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.BitFit;

/// <summary>Which biases of a backbone train.</summary>
public enum TrainedBiases
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that it has.</summary>
    Present,

    /// <summary>
    /// Those that it has, and one that starts at zero for every linear map and norm of its blocks that has none, for the norm behind them and for the
    /// scores of words, as published for T5.
    /// </summary>
    Added,
}

/// <summary>Trains the biases of a backbone.</summary>
internal static class BiasTuning
{
    /// <summary>Takes <c>bias</c> at the place of every map and norm that has none, where these are added.</summary>
    public static void Train(BackboneStream stream, Weights weights, TrainedBiases biases, string method)
    {
        if (biases == TrainedBiases.None)
        {
            return;
        }

        WeightStore store = BackboneAccess.Frozen(stream, method).Backbone.Store;
        store.Unfreeze([.. store.Parameters.Keys.Where(IsBias)]);
        BackboneAccess.FreezeUnread(stream);
        if (biases == TrainedBiases.Present)
        {
            return;
        }

        foreach ((BackboneBlock block, Weights place) in BackboneAccess.Placed(stream, weights, method))
        {
            foreach ((LinearRole role, LinearMap map) in block.Linears.OrderBy(pair => pair.Key))
            {
                Add(map, place / BackboneAccess.Place(role));
            }

            if (block.Layer is { } layer)
            {
                Add(layer.AttentionNorm, place / "attention_norm");
                Add(layer.Cross?.Norm, place / "cross_norm");
                Add(layer.FeedForwardNorm, place / "feed_forward_norm");
            }
        }

        if (stream.Memory is { End: { } end } memory)
        {
            Add(end.Norm, weights / memory.Name / "end");
        }

        Add(stream.End?.Norm, weights / "end");
        if (stream.Output is { } output)
        {
            Add(output, weights / "output");
        }
    }

    /// <summary>Such as in_proj_bias of an attention and bias_ih_l0 of a recurrent layer.</summary>
    private static bool IsBias(string name) => name[(name.LastIndexOf('.') + 1)..].Split('_').Contains("bias");

    private static void Add(LinearMap map, Weights place)
    {
        if (map.Bias is null)
        {
            map.AddedBias = map.AddedBias is null
                ? place.Parameter("bias", Initializers.Zeros, map.Output)
                : throw new InvalidOperationException("The backbone has added biases already; open it once for each method.");
        }
    }

    private static void Add(Norm? norm, Weights place)
    {
        if (norm is RmsNorm plain)
        {
            plain.AddedBias = place.Parameter("bias", Initializers.Zeros, plain.Weight.size(0));
        }
    }
}
