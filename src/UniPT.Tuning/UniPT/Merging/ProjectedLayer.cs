using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>A merged layer of which every token is projected.</summary>
/// <param name="index">Its index among the merged layers.</param>
/// <param name="projection">Brings the layer to the network's width; null where it comes so.</param>
/// <param name="gate">Scores it.</param>
/// <param name="interaction">Lets it interact with the anchor.</param>
internal sealed class ProjectedLayer(int index, LayerProjection? projection, LayerGate gate, LayerInteraction interaction) : TargetLayer
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> LinearParameters => projection?.LinearParameters ?? [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> MergeParameters => projection?.NormParameters ?? [];

    /// <inheritdoc/>
    public override Tensor Project(Tensor input) => projection?.Project(input) ?? input;

    /// <inheritdoc/>
    public override Tensor[] ParameterGradients(Tensor input, Tensor gradient) => projection?.ParameterGradients(input, gradient) ?? [];

    /// <inheritdoc/>
    public override Tensor InputGradient(Tensor input, Tensor gradient) => projection?.InputGradient(input, gradient) ?? gradient;

    /// <inheritdoc/>
    public override (Tensor Score, Tensor Features) Merge(Tensor projected, Tensor anchor, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor target = Normalise(projected);
        return (scope.MoveToOuter(gate.Scores(index, anchor, [target], masks)), scope.MoveToOuter(interaction.Features(anchor, target, masks)));
    }

    /// <inheritdoc/>
    public override Tensor RecordMerge(Tensor projected, Tensor anchor, TokenMasks masks, SumGradient sum)
    {
        Tensor target = Normalise(projected);
        return interaction.RecordBackward(anchor, [target], sum.ShareOf(gate.Scores(index, anchor, [target], masks)), masks, sum.Gradient);
    }

    private Tensor Normalise(Tensor projected) => projection?.Normalise(projected) ?? projected;
}
