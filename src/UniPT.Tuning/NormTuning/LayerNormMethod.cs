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
    public override TunedBackbone Attach(Backbone backbone, Weights weights, int output)
    {
        foreach (Weights norm in Inside.Frozen(backbone, Name).Store.Norms)
        {
            norm.Unfreeze();
        }

        return backbone.Store.Trainable.Any()
            ? new ProjectedBackbone(backbone, weights, output, [], changesHiddenStates: true)
            : throw new UserException($"{Name} is not defined for {backbone.Name}: this backbone has no layer norms.");
    }
}
