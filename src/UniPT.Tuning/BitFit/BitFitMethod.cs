using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.BitFit;

/// <summary>
/// BitFit (Ben Zaken et al., ACL 2022, arXiv 2106.10199): the biases of the backbone train, with those of its layer norms
/// and, in a convolutional network, the shifts of its batch norms.
/// </summary>
public sealed class BitFitMethod : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "bitfit";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        WeightStore store = BackboneAccess.Frozen(stream, Name).Backbone.Store;
        store.Unfreeze([.. store.Parameters.Keys.Where(name => name.EndsWith("bias", StringComparison.Ordinal))]);
        return store.Trainable.Any()
            ? new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true)
            : throw new UserException($"{Name} is not defined for {stream}: this backbone has no biases.");
    }
}

/// <summary>There is nothing to choose about BitFit.</summary>
public sealed record BitFitOptions;
