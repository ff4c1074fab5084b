namespace UniPT.Training.Planning;

/// <summary>Memory that grows with the batch in a straight line.</summary>
/// <param name="Fixed">Bytes of a batch of no examples, where the line begins.</param>
/// <param name="PerExample">Bytes that every example adds.</param>
public sealed record MemoryLine(double Fixed, double PerExample)
{
    /// <summary>Bytes of some batch.</summary>
    public double At(int batch) => Fixed + (PerExample * batch);

    /// <summary>The line through the bytes of two batches.</summary>
    internal static MemoryLine Through(int few, long small, int many, long large)
    {
        double slope = (large - small) / (double)(many - few);
        return new MemoryLine(large - (slope * many), slope);
    }
}
