using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>The scores of all tokens by the table of their vectors, of tokens that are scaled first: <c>[…, D] → […, vocabulary]</c>.</summary>
internal sealed class TiedOutput(Weights place, Embedding words, double scale) : LinearMap
{
    /// <inheritdoc/>
    public override long Input => words.Weight.size(1);

    /// <inheritdoc/>
    public override long Output => words.Weight.size(0);

    /// <inheritdoc/>
    public override bool OnMaps => false;

    /// <inheritdoc/>
    public override Tensor Weight => words.Weight;

    /// <inheritdoc/>
    public override Tensor? Bias => null;

    /// <inheritdoc/>
    protected override Weights Place => place;

    /// <inheritdoc/>
    protected override Tensor Map(Tensor input) => DenseProduct.Of(input * Scalars.Of(scale), words.Weight.to(input.dtype), null);
}
