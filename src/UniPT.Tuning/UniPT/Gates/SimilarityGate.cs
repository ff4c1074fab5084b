using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

/// <summary>The cosine of both means: a gate without parameters.</summary>
internal sealed class SimilarityGate : LayerGate
{
    private const double Smallest = 1e-8;

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans)
    {
        Tensor lengths = anchorMean.norm(-1, true) * targetMeans.norm(-1, true);
        return (anchorMean * targetMeans).sum(-1, true) / lengths.clamp_min(Scalars.Of(Smallest));
    }
}
