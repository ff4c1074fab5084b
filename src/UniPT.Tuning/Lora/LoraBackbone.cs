using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Lora;

/// <summary>A backbone with low-rank updates that can become part of its weights, so that they cost nothing any more.</summary>
public sealed class LoraBackbone : ProjectedBackbone
{
    private readonly IReadOnlyList<LoraUpdate> _updates;

    internal LoraBackbone(BackboneStream stream, Weights weights, int? output, IReadOnlyList<LoraUpdate> updates)
        : base(stream, weights, output, [], changesHiddenStates: true) => _updates = updates;

    /// <summary>Whether the backbone's weights hold the updates.</summary>
    public bool Merged { get; private set; }

    /// <summary>Adds the updates to the weights; until <see cref="Unmerge"/> they do not train.</summary>
    /// <exception cref="UserException">They are merged already.</exception>
    public void Merge()
    {
        Require(merged: false, "merged already; it can be merged once");
        foreach (LoraUpdate update in _updates)
        {
            update.Merge();
        }
    }

    /// <summary>Puts the weights back to what they were, to the bit.</summary>
    /// <exception cref="UserException">They are not merged.</exception>
    public void Unmerge()
    {
        Require(merged: true, "not merged; there is nothing to take back");
        foreach (LoraUpdate update in _updates)
        {
            update.Unmerge();
        }
    }

    private void Require(bool merged, string otherwise)
    {
        if (Merged != merged)
        {
            throw new UserException($"LoRA in {Backbone.Name} is {otherwise}.");
        }

        Merged = !merged;
    }
}
