namespace UniPT.Training.Retrieval;

/// <summary>The prepared pairs of a step.</summary>
/// <param name="Pictures">Index of each pair's picture in the split.</param>
/// <param name="Captions">Index of each pair's caption among all captions of the split.</param>
/// <param name="Ids">Token ids of each pair's caption.</param>
/// <param name="Pixels"><c>[B, 3, H, W]</c>; null where hidden states are cached.</param>
internal sealed record RetrievalBatch(int[] Pictures, int[] Captions, int[][] Ids, Tensor? Pixels) : IDisposable
{
    public void Dispose() => Pixels?.Dispose();
}
