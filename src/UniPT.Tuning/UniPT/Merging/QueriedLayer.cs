using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>
/// A merged layer that one query gathers from through a linear map without normalisation. The map is applied to the query
/// and to what it gathers instead of to the layer's tokens, which gives the same at a fraction of the products.
/// </summary>
/// <param name="index">Its index among the merged layers.</param>
/// <param name="projection">The linear map, with the ReLU before it.</param>
/// <param name="gate">Scores the layer.</param>
/// <param name="interaction">Weighs its tokens.</param>
internal sealed class QueriedLayer(int index, LayerProjection projection, LayerGate gate, ParallelInteraction interaction) : TargetLayer
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> LinearParameters => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> MergeParameters => projection.LinearParameters;

    /// <inheritdoc/>
    public override Tensor Project(Tensor input) => input;

    /// <inheritdoc/>
    public override Tensor[] ParameterGradients(Tensor input, Tensor gradient) => [];

    /// <inheritdoc/>
    public override Tensor InputGradient(Tensor input, Tensor gradient) => gradient;

    /// <inheritdoc/>
    public override (Tensor Score, Tensor Features) Merge(Tensor projected, Tensor anchor, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor tokens, Tensor weight, Tensor bias) = (projection.Prepared(projected), projection.Weight, projection.Bias);
        Tensor similarity = anchor.MatMul(weight).to(tokens.dtype).bmm(tokens.transpose(1, 2)).to(anchor.dtype).Add(anchor.MatMul(bias).unsqueeze(-1));
        Tensor attention = interaction.Weights(similarity, masks);
        Tensor shares = masks.Shares ?? torch.full(attention.shape, Scalars.Of(1.0 / attention.size(-1)), dtype: attention.dtype, device: attention.device);

        // The features' sum and the gate's mean at once, so that the tokens are read once.
        Tensor sums = torch.cat([attention, shares], 1);
        Tensor gathered = sums.to(tokens.dtype).bmm(tokens).to(sums.dtype).MatMul(weight.transpose(0, 1)).Add(sums.sum(-1, true) * bias);
        return (scope.MoveToOuter(gate.Scores(index, anchor, gathered.narrow(1, 1, 1).unsqueeze(0)).squeeze(0)), scope.MoveToOuter(gathered.narrow(1, 0, 1)));
    }

    /// <inheritdoc/>
    public override Tensor RecordMerge(Tensor projected, Tensor anchor, TokenMasks masks, SumGradient sum)
    {
        (Tensor score, Tensor features) = Merge(projected, anchor, masks);
        return (sum.ShareOf(score) * SumGradient.ProductsOf(features, sum.Gradient, masks)).sum();
    }
}
