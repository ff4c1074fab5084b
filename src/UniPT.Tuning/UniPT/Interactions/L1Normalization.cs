using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>ReLU, then the published L1 normalisation.</summary>
internal sealed class L1Normalization(double epsilon, EpsilonUse use) : RowNormalization
{
    /// <inheritdoc/>
    public override Tensor Counts(Tensor similarity, Tensor? keys) => (keys is null ? similarity : similarity * keys).Relu();

    /// <inheritdoc/>
    public override Tensor Sums(Tensor counts) => use == EpsilonUse.Added ? counts.Sum(-1, true) + epsilon : counts.Sum(-1, true).ClampMin(epsilon);
}
