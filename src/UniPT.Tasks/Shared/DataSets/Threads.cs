using System.Runtime.ExceptionServices;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Work on many files at once.</summary>
internal static class Threads
{
    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="count"/> − 1; the first exception comes as it was thrown.</summary>
    internal static void For(int count, int threads, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
