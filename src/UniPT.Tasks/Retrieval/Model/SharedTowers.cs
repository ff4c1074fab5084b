using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval.Model;

/// <summary>The same side of several retrieval models on one backbone, which runs once for all of them.</summary>
public sealed class SharedTowers
{
    private readonly AdapterSet _set;
    private readonly IReadOnlyList<RetrievalTower> _towers;

    /// <summary>Joins towers whose methods leave the backbone's hidden states as they are.</summary>
    /// <exception cref="UserException">One does not, or has another backbone than the first.</exception>
    public SharedTowers(IReadOnlyList<RetrievalTower> towers)
    {
        _towers = towers;
        _set = new AdapterSet(towers[0].Tuned.Backbone);
        foreach (RetrievalTower tower in towers)
        {
            _set.Add(tower.Tuned);
        }
    }

    /// <summary>Unit vectors <c>[B, embedding]</c> of an input, one tensor for each tower.</summary>
    public IReadOnlyList<Tensor> Embed(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneOutput hidden = _set.Hidden(input);
        return scope.MoveAllToOuter([.. _towers.Select(tower => tower.Embed(tower.Tuned.Stream.Of(hidden)))]);
    }
}
