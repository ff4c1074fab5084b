using UniPT.Training.Contracts;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>The prepared pairs of a step.</summary>
/// <param name="pictures">Index of each pair's picture in the split.</param>
/// <param name="captions">Index of each pair's caption among all captions of the split.</param>
/// <param name="ids">Token ids of each pair's caption.</param>
/// <param name="pixels"><c>[B, 3, H, W]</c>; null where hidden states are kept.</param>
internal sealed class RetrievalBatch(int[] pictures, int[] captions, int[][] ids, Tensor? pixels) : PreparedBatch
{
    internal int[] Pictures { get; } = pictures;

    internal int[] Captions { get; } = captions;

    internal int[][] Ids { get; } = ids;

    internal Tensor? Pixels { get; } = pixels;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [RetrievalTask.Image] = Pictures, [RetrievalTask.Text] = Captions };

    /// <inheritdoc/>
    public override void Dispose()
    {
        Pixels?.Dispose();
        base.Dispose();
    }
}
