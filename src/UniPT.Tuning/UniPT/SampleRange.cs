namespace UniPT.Tuning.UniPT;

/// <summary>Some neighbouring examples of a batch.</summary>
internal readonly record struct SampleRange(long Start, long Count)
{
    /// <summary>A batch in parts of at most <paramref name="count"/>.</summary>
    public static IEnumerable<SampleRange> Parts(long batch, long count)
    {
        for (long start = 0; start < batch; start += count)
        {
            yield return new SampleRange(start, Math.Min(count, batch - start));
        }
    }

    /// <summary>The view of these examples.</summary>
    public Tensor Of(Tensor tensor) => tensor.narrow(0, Start, Count);
}
