using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.PrefixTuning;

/// <summary>
/// Prefix tuning (Li and Liang, ACL 2021, arXiv 2101.00190): every attention sees learned keys and values before those of
/// its tokens, learned as they are or made of learned vectors by one network.
/// </summary>
public sealed class PrefixMethod(PrefixOptions options) : TuningMethod
{
    private const double Deviation = 0.02;

    /// <inheritdoc/>
    public override string Name => "prefix";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        (MultiHeadAttention Attention, Weights Weights)[] attentions =
        [
            .. BackboneAccess.Placed(stream, weights, Name).Where(placed => placed.Block.Layer is not null).Select(placed => (placed.Block.Layer!.Attention, placed.Weights)),
        ];
        if (attentions.Length == 0)
        {
            throw new UserException($"{Name} is not defined for {stream}: none of its blocks has an attention.");
        }

        if (options.Length < 1)
        {
            throw new UserException($"The length of prefix is {options.Length}; it must be at least 1.");
        }

        PrefixNetwork? network = options.Bottleneck == 0
            ? null
            : new PrefixNetwork(weights / "prefix", options.Length, attentions[0].Attention.Key.Input, options.Bottleneck);
        foreach ((MultiHeadAttention attention, Weights block) in attentions)
        {
            if (attention.Prefix is not null)
            {
                throw new InvalidOperationException("The backbone has a prefix already; open it once for each.");
            }

            Func<Tensor> keys = Rows(network, block / "prefix_keys", attention.Key.Output);
            Func<Tensor> values = Rows(network, block / "prefix_values", attention.Value.Output);
            attention.Prefix = () => (keys(), values());
        }

        return new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true);
    }

    private Func<Tensor> Rows(PrefixNetwork? network, Weights weights, long width)
    {
        if (network is null)
        {
            Tensor rows = weights.Parameter("weight", Initializers.Normal(Deviation), options.Length, width);
            return () => rows;
        }

        var up = new Linear(weights, options.Bottleneck, width);
        return () => up.forward(network.Forward());
    }
}

/// <summary>What may be chosen about prefix tuning.</summary>
public sealed record PrefixOptions
{
    /// <summary>How many keys and values stand before those of the tokens in every attention.</summary>
    [OptionRange(1, 8192)]
    public int Length { get; init; } = 30;

    /// <summary>
    /// Width of the bottleneck of the network that makes keys and values of learned vectors; 0 learns keys and values
    /// themselves.
    /// </summary>
    [OptionRange(0, 8192)]
    public int Bottleneck { get; init; }
}
