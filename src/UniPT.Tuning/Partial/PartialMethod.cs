using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Partial;

/// <summary>
/// Partial fine-tuning: the last blocks of the backbone train. In a convolutional network these are the kernels and shifts
/// into which its batch norms are folded.
/// </summary>
public sealed class PartialMethod(PartialOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "partial";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        IReadOnlyList<BackboneBlock> blocks = BackboneAccess.Blocks(stream, Name);
        if (options.Blocks < 1 || options.Blocks > blocks.Count)
        {
            throw new UserException($"partial trains the last {options.Blocks} blocks of {stream}, which has 1 to {blocks.Count} to train.");
        }

        foreach (BackboneBlock block in blocks.TakeLast(options.Blocks))
        {
            block.Weights.Unfreeze();
        }

        return new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true);
    }
}

/// <summary>What may be chosen about partial fine-tuning.</summary>
public sealed record PartialOptions
{
    /// <summary>How many of the backbone's blocks train, counted from the last one.</summary>
    [OptionRange(1, 1024)]
    public int Blocks { get; init; } = 1;
}
