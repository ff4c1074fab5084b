using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Lets each target gather from the targets before and after it, as the anchor does from a target but without residual; the
/// mean of both is added to it.
/// </summary>
internal sealed class NeighbourInteraction(NetworkForm form, Weights weights, long width)
{
    private readonly LayerInteraction _interaction = LayerInteraction.Of(form with { Residual = MergeResidual.None }, weights, width);

    /// <summary>The targets, <c>[B, N, m]</c> each, with what they gathered; what happens in between is computed again for backward.</summary>
    /// <param name="targets">At least two.</param>
    /// <param name="masks">Which tokens count.</param>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> targets, TokenMasks masks)
    {
        Tensor[] keys = masks.Keys is null ? [] : [masks.Keys];
        return [.. targets.Select((target, i) =>
        {
            Tensor[] neighbours = [.. targets.Where((_, j) => Math.Abs(j - i) == 1)];
            return Recomputation.Run(
                tensors => Gather(tensors[0], [.. tensors.Skip(1).Take(neighbours.Length)], new TokenMasks(tensors.Skip(1 + neighbours.Length).SingleOrDefault())),
                _interaction.Parameters,
                [target, .. neighbours, .. keys]);
        })];
    }

    private Tensor Gather(Tensor target, Tensor[] neighbours, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] gathered = [.. neighbours.Select(neighbour => _interaction.Forward(target, neighbour, masks))];
        return scope.MoveToOuter(target.Add(gathered.Length == 1 ? gathered[0] : gathered[0].Add(gathered[1]) / Scalars.Of(2)));
    }
}
