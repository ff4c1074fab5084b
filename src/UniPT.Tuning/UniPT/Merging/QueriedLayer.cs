using UniPT.Torch;
using UniPT.Tuning.UniPT.Gates;
using UniPT.Tuning.UniPT.Interactions;

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
        using TensorScope scope = TensorScope.Begin();
        (Tensor tokens, Tensor weight, Tensor bias) = (projection.Prepared(projected), projection.Weight, projection.Bias);
        Tensor similarity = anchor.MatMul(weight).To(tokens.Type).Bmm(tokens.Transpose(1, 2)).To(anchor.Type) + anchor.MatMul(bias).Unsqueeze(-1);
        Tensor attention = interaction.Weights(similarity, masks);
        Tensor shares = masks.Shares ?? Tensor.Full(attention.Shape, 1.0 / attention.Size(-1), attention.Type, attention.Device);

        // The features' sum and the gate's mean at once.
        Tensor sums = Tensor.Cat([attention, shares], 1);
        Tensor gathered = sums.To(tokens.Type).Bmm(tokens).To(sums.Type).MatMul(weight.Transpose(0, 1)) + (sums.Sum(-1, true) * bias);
        return (scope.HandOut(gate.Scores(index, anchor, gathered.Narrow(1, 1, 1).Unsqueeze(0)).Squeeze(0)), scope.HandOut(gathered.Narrow(1, 0, 1)));
    }
}
