using UniPT.Torch.Randomness;

namespace UniPT.Training.Loop;

/// <summary>Seeds of single steps, so that what is drawn in one depends on nothing before it.</summary>
internal static class StepSeed
{
    /// <summary>A well-mixed function of the run's seed and the step.</summary>
    internal static long Of(long seed, long step) => (long)CounterRandom.Mix(((ulong)seed * CounterRandom.Gamma) + (ulong)step);
}
