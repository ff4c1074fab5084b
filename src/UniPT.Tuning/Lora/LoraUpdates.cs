using UniPT.Backbones;

namespace UniPT.Tuning.Lora;

/// <summary>All low-rank updates of one backbone. They can become part of its weights, so that they cost nothing any more.</summary>
public sealed class LoraUpdates
{
    private readonly IReadOnlyList<LoraUpdate> _updates;

    internal LoraUpdates(Backbone backbone, IReadOnlyList<LoraUpdate> updates, IReadOnlyDictionary<string, Tensor>? replaced = null)
    {
        (Backbone, _updates, Replaced) = (backbone, updates, replaced ?? new Dictionary<string, Tensor>());
        foreach (LoraUpdate update in updates)
        {
            update.Map.Extend(update);
        }
    }

    /// <summary>The backbone.</summary>
    public Backbone Backbone { get; }

    /// <summary>How many linear maps are updated.</summary>
    public int Count => _updates.Count;

    /// <summary>Whether the backbone's weights hold the updates.</summary>
    public bool Merged { get; private set; }

    /// <summary>Weights that the adapter puts in the place of the backbone's, by the store's names.</summary>
    internal IReadOnlyDictionary<string, Tensor> Replaced { get; }

    /// <summary>The names of the updated weights in the store.</summary>
    internal IEnumerable<string> WeightNames => _updates.Select(update => update.Map.WeightName).Distinct();

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

    /// <inheritdoc cref="LoraUpdate.AddTo"/>
    internal void AddTo(IReadOnlyDictionary<string, Tensor> stored, double times)
    {
        foreach (LoraUpdate update in _updates)
        {
            update.AddTo(stored, times);
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
