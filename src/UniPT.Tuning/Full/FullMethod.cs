using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Full;

/// <summary>Full fine-tuning: the backbone trains together with a linear projection of its hidden states.</summary>
public sealed class FullMethod(FullOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "full";

    /// <inheritdoc/>
    public override bool TrainsBackbone => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        BackboneAccess.Open(stream, Name).Backbone.Store.FreezeExcluded();
        BackboneAccess.FreezeUnread(stream);
        return new ProjectedBackbone(stream, weights, output, options.Joined, changesHiddenStates: true);
    }
}

/// <summary>What may be chosen about full fine-tuning.</summary>
public sealed record FullOptions
{
    /// <inheritdoc cref="Head.HeadOptions.Joined"/>
    [OptionRange(0, 1023)]
    public OptionList<int> Joined { get; init; } = [];
}
