namespace UniPT.Training.Loop;

/// <summary>Seeds of single steps, so that what is drawn in one depends on nothing before it.</summary>
internal static class StepSeed
{
    /// <summary>A well-mixed function of the run's seed and the step (the finaliser of SplitMix64).</summary>
    internal static long Of(long seed, long step)
    {
        ulong mixed = ((ulong)seed * 0x9E3779B97F4A7C15UL) + (ulong)step;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return (long)(mixed ^ (mixed >> 31));
    }
}
