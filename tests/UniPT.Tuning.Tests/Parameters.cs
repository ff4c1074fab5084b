using UniPT.Torch;

namespace UniPT.Tuning.Tests;

internal static class Parameters
{
    /// <summary>How many parameters a module takes.</summary>
    public static long Of(Action<Weights> build)
    {
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        build(weights);
        return store.ParameterCount;
    }
}
