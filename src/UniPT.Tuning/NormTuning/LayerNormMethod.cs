using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.NormTuning;

/// <summary>The scales and shifts of the backbone's layer norms train.</summary>
public sealed class LayerNormMethod : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "layernorm";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        Unfreeze(BackboneAccess.Frozen(stream, Name));
        return stream.Backbone.Store.Trainable.Any()
            ? new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true)
            : throw new UserException($"{Name} is not defined for {stream}: this backbone has no layer norms.");
    }

    /// <summary>Lets all norms of a stream's backbone train.</summary>
    internal static void Unfreeze(BackboneStream stream)
    {
        foreach (Weights norm in stream.Backbone.Store.Norms)
        {
            norm.Unfreeze();
        }

        BackboneAccess.FreezeUnread(stream);
    }
}

/// <summary>There is nothing to choose about the tuning of layer norms.</summary>
public sealed record LayerNormOptions;
