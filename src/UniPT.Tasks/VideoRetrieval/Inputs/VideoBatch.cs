using UniPT.Training.Contracts;

namespace UniPT.Tasks.VideoRetrieval.Inputs;

/// <summary>The prepared pairs of film and text of a step.</summary>
/// <param name="places">Where the frames of all pairs stand in the split's list, pair after pair; only those that are there.</param>
/// <param name="counts">How many frames each pair has.</param>
/// <param name="captions">Index of each pair's caption among all of the split.</param>
/// <param name="pixels">Bytes of these frames, <c>[frames, 3, side, side]</c>; null where hidden states are kept.</param>
internal sealed class VideoBatch(int[] places, int[] counts, int[] captions, Tensor? pixels) : PreparedBatch
{
    internal int[] Places { get; } = places;

    internal int[] Counts { get; } = counts;

    internal int[] Captions { get; } = captions;

    internal Tensor? Pixels { get; } = pixels;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [VideoRetrievalTask.Image] = Places, [VideoRetrievalTask.Text] = Captions };

    /// <inheritdoc/>
    public override void Dispose()
    {
        Pixels?.Dispose();
        base.Dispose();
    }
}
