using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning.Head;

/// <summary>The baseline: the backbone stays frozen, a linear projection of its hidden states trains.</summary>
public sealed class HeadMethod(HeadOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "head";

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output) =>
        new ProjectedBackbone(
            stream, weights, output ?? (options.Projection ? stream.Widths[^1] : null), options.Joined, changesHiddenStates: false, options.Direct);
}

/// <summary>What may be chosen about the projection on a frozen backbone.</summary>
public sealed record HeadOptions
{
    /// <summary>
    /// Indices of hidden states whose means are joined and projected to one token; an empty list projects every token of
    /// the last hidden state.
    /// </summary>
    [OptionRange(0, 1023)]
    public OptionList<int> Joined { get; init; } = [];

    /// <summary>
    /// Whether there is a projection where the task asks for no width of its own; without it nothing but the task's head trains, on the last hidden state as it is.
    /// </summary>
    public bool Projection { get; init; } = true;

    /// <inheritdoc cref="DirectPathOptions"/>
    public DirectPathOptions Direct { get; init; } = new();
}
